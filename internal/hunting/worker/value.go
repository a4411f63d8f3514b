package worker

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
)

// Value is a value of an answer or a parameter: nil, bool, int64, float64 or string.
type Value struct{ V any }

// The first byte of a value.
const (
	isNull byte = iota
	isInt
	isReal
	isTrue
	isFalse
	isText
)

// MarshalJSON writes a value with its type, so that whole numbers stay whole.
func (v Value) MarshalJSON() ([]byte, error) {
	switch x := v.V.(type) {
	case nil:
		return []byte("null"), nil
	case bool:
		return json.Marshal(x)
	case string:
		return json.Marshal(x)
	case int64:
		return json.Marshal([]int64{x})
	case float64:
		return json.Marshal(map[string]string{"r": fmt.Sprintf("%x", math.Float64bits(x))})
	}
	return nil, fmt.Errorf("a parameter of the type %T", v.V)
}

// UnmarshalJSON reads it.
func (v *Value) UnmarshalJSON(text []byte) error {
	switch text[0] {
	case 'n':
		v.V = nil
		return nil
	case '[':
		var whole []int64
		if err := json.Unmarshal(text, &whole); err != nil || len(whole) != 1 {
			return errors.New("a parameter is no number")
		}
		v.V = whole[0]
		return nil
	case '{':
		var real struct{ R string }
		var bits uint64
		if err := json.Unmarshal(text, &real); err != nil {
			return err
		}
		if _, err := fmt.Sscanf(real.R, "%x", &bits); err != nil {
			return err
		}
		v.V = math.Float64frombits(bits)
		return nil
	}
	return json.Unmarshal(text, &v.V)
}

func appendValue(b []byte, v any) ([]byte, error) {
	switch x := v.(type) {
	case nil:
		return append(b, isNull), nil
	case bool:
		if x {
			return append(b, isTrue), nil
		}
		return append(b, isFalse), nil
	case int64:
		return binary.LittleEndian.AppendUint64(append(b, isInt), uint64(x)), nil
	case float64:
		return binary.LittleEndian.AppendUint64(append(b, isReal), math.Float64bits(x)), nil
	case string:
		return append(binary.AppendUvarint(append(b, isText), uint64(len(x))), x...), nil
	}
	return b, fmt.Errorf("a value of the type %T", v)
}

var errFrame = errors.New("the worker sent what it never does")

func readValue(b []byte) (any, []byte, error) {
	if len(b) == 0 {
		return nil, nil, errFrame
	}
	kind, b := b[0], b[1:]
	switch kind {
	case isNull:
		return nil, b, nil
	case isTrue, isFalse:
		return kind == isTrue, b, nil
	case isInt, isReal:
		if len(b) < 8 {
			return nil, nil, errFrame
		}
		n := binary.LittleEndian.Uint64(b)
		if kind == isInt {
			return int64(n), b[8:], nil
		}
		return math.Float64frombits(n), b[8:], nil
	case isText:
		n, size := binary.Uvarint(b)
		if size <= 0 || n > uint64(len(b)-size) {
			return nil, nil, errFrame
		}
		return string(b[size : size+int(n)]), b[size+int(n):], nil
	}
	return nil, nil, errFrame
}
