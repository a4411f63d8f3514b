package duck

import (
	"bytes"
	"fmt"
	"reflect"
	"unicode/utf8"
	"unsafe"

	"github.com/duckdb/duckdb-go/v2"
	"github.com/duckdb/duckdb-go/v2/mapping"
)

// vector is a column of a chunk that the engine is being given. Its memory is the engine's, and there for as long as FillChunk runs.
type vector struct {
	of   mapping.Vector
	data unsafe.Pointer // as many values as a chunk has room for
	mask unsafe.Pointer // a bit for each
}

// vectorOf gives a column of a chunk. The driver has no door to its memory, but a function call for each value, which costs more than the
// value; so its handle is looked up by name: if a release of the driver calls it something else, this is an error and no fault.
func vectorOf(chunk *duckdb.DataChunk, column int) (vector, error) {
	handle, err := chunk.GetVector(column)
	if err != nil {
		return vector{}, err
	}
	pointer := reflect.ValueOf(handle)
	for _, name := range []string{"v", "vec", "Ptr"} {
		if pointer.Kind() == reflect.Pointer {
			pointer = pointer.Elem()
		}
		if pointer.Kind() != reflect.Struct {
			return vector{}, errDriver
		}
		pointer = pointer.FieldByName(name)
	}
	if pointer.Kind() != reflect.UnsafePointer || pointer.IsNil() {
		return vector{}, errDriver
	}
	v := vector{of: mapping.Vector{Ptr: pointer.UnsafePointer()}}
	mapping.VectorEnsureValidityWritable(v.of)
	v.data, v.mask = mapping.VectorGetData(v.of), mapping.VectorGetValidity(v.of)
	if v.data == nil || v.mask == nil {
		return vector{}, errDriver
	}
	return v, nil
}

var errDriver = fmt.Errorf("the engine's driver is another than this program was written for")

// places are the memory of a vector's values. A chunk never has more rows than its capacity.
func places[T any](v vector) []T {
	return unsafe.Slice((*T)(v.data), duckdb.GetDataChunkCapacity())
}

// setNull takes the value of a row away.
func (v vector) setNull(row int) {
	unsafe.Slice((*uint64)(v.mask), (duckdb.GetDataChunkCapacity()+63)/64)[row/64] &^= 1 << (row % 64)
}

// text is how the engine writes a text down (duckdb_string_t): a short one within, padded with zeros; of a longer one the beginning, and
// where all of it stands.
type text struct {
	length uint32
	start  [4]byte
	rest   [8]byte
}

const shortText = 12

// texts puts texts into a vector. They stand one after the other in all, and ends tells where each ends. What is not UTF-8 in one is
// replaced: the engine takes for granted that there is none, and may read beyond a text that breaks off within a character.
func (v vector) texts(all []byte, ends []int) {
	at, ok := v.take(all)
	if !ok || !beginWhole(all, ends) {
		all, ends = mended(all, ends)
		at, _ = v.take(all)
	}
	values, start := places[text](v), 0
	for i, end := range ends {
		s, t := all[start:end], text{length: uint32(end - start)}
		copy(t.start[:], s)
		switch {
		case len(s) > shortText:
			*(*uintptr)(unsafe.Pointer(&t.rest)) = at + uintptr(start)
		case len(s) > len(t.start):
			copy(t.rest[:], s[len(t.start):])
		}
		values[i] = t
		start = end
	}
}

// take has the vector keep a copy of texts, as if they were the first row's, which it frees together with its values, and tells where the
// copy is. It is not ok if they are not UTF-8. That they are short is no matter, for then each is, and is kept within its value.
func (v vector) take(all []byte) (at uintptr, ok bool) {
	if len(all) <= shortText {
		return 0, utf8.Valid(all)
	}
	mapping.VectorAssignStringElementLen(v.of, 0, all) // which makes it null, if it is not UTF-8
	first := &unsafe.Slice((*uint64)(v.mask), 1)[0]
	ok = *first&1 != 0
	*first |= 1
	return *(*uintptr)(unsafe.Pointer(&places[text](v)[0].rest)), ok
}

// beginWhole tells whether none of the texts begins within a character.
func beginWhole(all []byte, ends []int) bool {
	for _, at := range ends {
		if at < len(all) && !utf8.RuneStart(all[at]) {
			return false
		}
	}
	return true
}

func mended(all []byte, ends []int) (out []byte, outEnds []int) {
	start := 0
	for _, end := range ends {
		out = append(out, bytes.ToValidUTF8(all[start:end], []byte("\uFFFD"))...)
		outEnds = append(outEnds, len(out))
		start = end
	}
	return out, outEnds
}
