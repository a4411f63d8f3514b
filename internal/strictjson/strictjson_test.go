package strictjson

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
)

type inner struct {
	Name string          `json:"name"`
	Raw  json.RawMessage `json:"raw"`
}

type outer struct {
	Type  *string  `json:"@odata.type"`
	On    *bool    `json:"isEnabled"`
	List  []inner  `json:"list"`
	Texts []string `json:"texts"`
}

func TestNamesAreTakenAsTheyAreDeclaredAndOnce(t *testing.T) {
	yes, kind := true, "x"
	whole := outer{&kind, &yes, []inner{{"a", json.RawMessage(`{"A": 1}`)}}, []string{"t"}}
	for _, c := range []struct{ text, strict, known string }{
		{`{"@odata.type": "x", "isEnabled": true, "list": [{"name": "a", "raw": {"A": 1}}], "texts": ["t"]}`, "", ""},
		{`{"IsEnabled": false}`, "IsEnabled is no property that can be set", ""},
		{`{"isEnabled": true, "isEnabled": false}`, "isEnabled is there twice", "isEnabled is there twice"},
		{`{"list": [{"name": "a"}, {"Name": "b"}]}`, "list/1/Name is no property that can be set", ""},
		{`{"list": [{"name": "a", "name": "b"}]}`, "list/0/name is there twice", "list/0/name is there twice"},
		{`{"list": [{"raw": {"a": 1, "a": 2}}]}`, "list/0/raw/a is there twice", "list/0/raw/a is there twice"},
		{`{"other": {"a": 1, "a": 2}}`, "other is no property that can be set", "other/a is there twice"},
		{`{"isEnabled": "yes"}`, "isEnabled is of another type", "isEnabled is of another type"},
		{`{"texts": ["t", 1]}`, "texts/1 is of another type", "texts/1 is of another type"},
		{`[]`, "is of another type", "is of another type"},
		{`{} {}`, "can't be read as JSON, at byte 3", "can't be read as JSON, at byte 3"},
		{`{"isEnabled": tru`, "isEnabled can't be read as JSON, at byte 17", "isEnabled can't be read as JSON, at byte 17"},
		{"{\"texts\": [\"\xff\"]}", "texts/0 can't be read as JSON, at byte 12", "texts/0 can't be read as JSON, at byte 12"},
		{``, "can't be read as JSON, at byte 0", "can't be read as JSON, at byte 0"},
		{`{"` + strings.Repeat("é", 300) + `": 1}`, strings.Repeat("é", 200) + "... is no property that can be set", ""},
	} {
		for name, ask := range map[string]struct {
			read func([]byte, any) error
			want string
		}{"strict": {Read, c.strict}, "known": {ReadKnown, c.known}} {
			var got outer
			err := ask.read([]byte(c.text), &got)
			var wrong *Wrong
			if ask.want == "" && err != nil || ask.want != "" && (!errors.As(err, &wrong) || err.Error() != ask.want) {
				t.Errorf("%s %.60q: %v, want %q", name, c.text, err, ask.want)
			}
			if strings.HasPrefix(c.text, `{"@odata.type"`) && !reflect.DeepEqual(got, whole) {
				t.Errorf("%s: %+v", name, got)
			}
			if strings.HasPrefix(c.text, `{"IsEnabled"`) && got.On != nil {
				t.Errorf("%s: isEnabled was set by another name", name)
			}
		}
	}
}
