package main

import (
	"bytes"
	"strings"
	"testing"
)

// One question a line, with its answer; together they show the protocol of every operation.
var questions = []struct{ name, request, answer string }{
	{"YAML 1.1 booleans", `{"op":"yaml_to_json","yaml":"a: yes\n"}`, `{"ok":"{\"a\":true}"}`},
	{"YAML that is not UTF-8", `{"op":"yaml_to_json","base64":"YTogYgo="}`, `{"ok":"{\"a\":\"b\"}"}`},
	{"duplicate keys are refused on request", `{"op":"yaml_to_json_strict","yaml":"a: 1\na: 2\n"}`,
		`{"error":"yaml: unmarshal errors:\n  line 2: key \"a\" already set in map"}`},
	{"JSON as YAML", `{"op":"json_to_yaml","json":"{\"a\":\"yes\"}"}`, `{"ok":"a: \"yes\"\n"}`},
	{"a value as YAML", `{"op":"yaml_v2_emit","json":"[1.5,1e30]"}`, `{"ok":"- 1.5\n- 1e+30\n"}`},
	{"a value as YAML through JSON", `{"op":"yaml_marshal","json":"{\"a\":1e3}"}`, `{"ok":"a: 1000\n"}`},
	{"compact JSON escapes HTML", `{"op":"json_compact","json":"[\"<\", 1.0]"}`, `{"ok":"[\"\\u003c\",1]"}`},
	{"JSON Patch", `{"op":"json_patch","doc":{"a":1},"patch":[{"op":"remove","path":"/a"}]}`, `{"ok":{}}`},
	{"merge patch", `{"op":"merge_patch","doc":{"a":1,"b":2},"patch":{"a":null}}`, `{"ok":{"b":2}}`},
	{"merge patch between two", `{"op":"create_merge_patch","a":{"a":1},"b":{"b":2}}`, `{"ok":{"a":null,"b":2}}`},
	{"strategic merge by key",
		`{"op":"strategic_merge","version":"v1","kind":"Pod","original":{"spec":{"containers":[{"name":"a","image":"x"}]}},"patch":{"spec":{"containers":[{"name":"a","image":"y"}]}}}`,
		`{"ok":{"spec":{"containers":[{"image":"y","name":"a"}]}}}`},
	{"strategic two-way",
		`{"op":"strategic_two_way","version":"v1","kind":"Pod","a":{"spec":{"containers":[{"name":"a"}]}},"b":{"spec":{"containers":[]}}}`,
		`{"ok":{"spec":{"containers":[{"$patch":"delete","name":"a"}]}}}`},
	{"strategic three-way",
		`{"op":"strategic_three_way","version":"v1","kind":"ConfigMap","original":{"data":{"a":"1"}},"modified":{"data":{"b":"2"}},"current":{"data":{"a":"1","c":"3"}}}`,
		`{"ok":{"data":{"a":null,"b":"2"}}}`},
	{"quantity", `{"op":"quantity","text":"1500m"}`,
		`{"ok":{"canonical":"1500m","decimal":"1.500","float":1.5,"format":"DecimalSI","milli":1500,"sign":1,"value":2}}`},
	{"quantities compare", `{"op":"quantity_cmp","a":"1Ki","b":"1k"}`, `{"ok":1}`},
	{"quantities add", `{"op":"quantity_add","a":"1Gi","b":"1Mi"}`, `{"ok":"1025Mi"}`},
	{"quantities subtract", `{"op":"quantity_sub","a":"1","b":"100m"}`, `{"ok":"900m"}`},
	{"duration", `{"op":"duration","text":"90s"}`, `{"ok":{"canonical":"1m30s","nanoseconds":90000000000}}`},
	{"version", `{"op":"semver","text":"v1.2"}`,
		`{"ok":{"major":1,"metadata":"","minor":2,"patch":0,"prerelease":"","strict":false,"version":"1.2.0"}}`},
	{"versions compare", `{"op":"semver_cmp","a":"1.0.0-rc.1","b":"1.0.0"}`, `{"ok":-1}`},
	{"version constraint", `{"op":"semver_constraint","constraint":"~1.2","versions":["1.2.9","1.3.0","x"]}`, `{"ok":[true,false,false]}`},
	{"label selector", `{"op":"label_selector_parse","text":"b, a in (y,x)","labels":[{"a":"x","b":""},{}]}`,
		`{"ok":{"canonical":"a in (x,y),b","matches":[true,false]}}`},
	{"label selector object",
		`{"op":"label_selector_object","selector":{"matchLabels":{"a":"x"}},"labels":[{"a":"x"}]}`,
		`{"ok":{"canonical":"a=x","matches":[true]}}`},
	{"field selector", `{"op":"field_selector_parse","text":"metadata.name!=a","fields":[{"metadata.name":"b"}]}`,
		`{"ok":{"canonical":"metadata.name!=a","matches":[true]}}`},
	{"field set", `{"op":"fields_v1","fieldsV1":{"f:b":{},"f:a":{".":{},"v:1":{}}}}`,
		`{"ok":{"fieldsV1":{"f:a":{".":{},"v:1":{}},"f:b":{}},"leaves":{"f:a":{"v:1":{}},"f:b":{}},"paths":[".a",".b",".a[=1]"],"size":3}}`},
	{"field sets combine", `{"op":"fields_set_op","op2":"difference","a":{"f:a":{},"f:b":{}},"b":{"f:a":{}}}`, `{"ok":{"f:b":{}}}`},
	{"fields of a built-in kind",
		`{"op":"fields_of","version":"v1","kind":"Service","value":{"apiVersion":"v1","kind":"Service","spec":{"ports":[{"port":80}]}}}`,
		`{"ok":{"f:apiVersion":{},"f:kind":{},"f:spec":{"f:ports":{"k:{\"port\":80,\"protocol\":\"TCP\"}":{".":{},"f:port":{}}}}}}`},
	{"fields of a deduced value", `{"op":"fields_of","deduced":true,"value":{"a":[1],"b":{}}}`, `{"ok":{"f:a":{},"f:b":{}}}`},
	{"fields of a custom kind",
		`{"op":"fields_of","group":"g","version":"v1","kind":"K","schema":{"type":"object","properties":{"l":{"type":"array","x-kubernetes-list-type":"set","items":{"type":"string"}},"apiVersion":{"type":"string"},"kind":{"type":"string"}}},"value":{"l":["x"]}}`,
		`{"ok":{"f:apiVersion":{},"f:kind":{},"f:l":{"v:\"x\"":{}}}}`},
	{"comparison", `{"op":"fields_compare","deduced":true,"a":{"a":1,"b":2},"b":{"a":2,"c":3}}`,
		`{"ok":{"added":{"f:c":{}},"modified":{"f:a":{}},"removed":{"f:b":{}}}}`},
	{"typed merge", `{"op":"typed_merge","deduced":true,"a":{"a":1},"b":{"b":2}}`, `{"ok":{"a":1,"b":2}}`},
	{"typed extract", `{"op":"typed_extract","deduced":true,"value":{"a":1,"b":2},"fieldsV1":{"f:a":{}}}`, `{"ok":{"a":1}}`},
	{"typed remove", `{"op":"typed_remove","deduced":true,"value":{"a":1,"b":2},"fieldsV1":{"f:a":{}}}`, `{"ok":{"b":2}}`},
	{"unknown operation", `{"op":"nothing"}`, `{"error":"no operation \"nothing\""}`},
	{"misspelt member", `{"op":"duration","txt":"1s"}`, `{"error":"request: json: unknown field \"txt\""}`},
}

func TestQuestions(t *testing.T) {
	for _, question := range questions {
		t.Run(question.name, func(t *testing.T) {
			answer := string(encode(reply([]byte(question.request))))
			if answer != question.answer {
				t.Errorf("\n got %s\nwant %s", answer, question.answer)
			}
		})
	}
}

func TestEveryOperationHasAQuestion(t *testing.T) {
	for name := range operations {
		asked := name == "ssa" // below
		for _, question := range questions {
			asked = asked || strings.Contains(question.request, `"op":"`+name+`"`)
		}
		if !asked {
			t.Errorf("nothing asks %s", name)
		}
	}
}

func TestAppliersConflictUntilForced(t *testing.T) {
	request := `{"op":"ssa","version":"v1","kind":"ConfigMap","steps":[
		{"kind":"apply","manager":"one","object":{"apiVersion":"v1","kind":"ConfigMap","data":{"a":"1"}}},
		{"kind":"apply","manager":"two","object":{"apiVersion":"v1","kind":"ConfigMap","data":{"a":"2"}}},
		{"kind":"apply","manager":"two","force":true,"object":{"apiVersion":"v1","kind":"ConfigMap","data":{"a":"2"}}},
		{"kind":"update","manager":"three","object":{"apiVersion":"v1","kind":"ConfigMap","data":{"b":"3"}}}]}`
	first := `{"live":{"apiVersion":"v1","data":{"a":"1"},"kind":"ConfigMap"},"managedFields":[` +
		`{"manager":"one","operation":"Apply","apiVersion":"v1","fieldsV1":{"f:data":{"f:a":{}}}}]`
	want := `{"ok":[` + first + `},` +
		first + `,"conflicts":[{"manager":"one","path":".data.a"}],"error":"conflict"},` +
		`{"live":{"apiVersion":"v1","data":{"a":"2"},"kind":"ConfigMap"},"managedFields":[` +
		`{"manager":"two","operation":"Apply","apiVersion":"v1","fieldsV1":{"f:data":{"f:a":{}}}}]},` +
		`{"live":{"apiVersion":"v1","data":{"b":"3"},"kind":"ConfigMap"},"managedFields":[` +
		`{"manager":"three","operation":"Update","apiVersion":"v1","fieldsV1":{"f:data":{"f:b":{}}}}]}]}`
	answer := string(encode(reply([]byte(request))))
	if answer != want {
		t.Errorf("\n got %s\nwant %s", answer, want)
	}
}

func TestAnswersComeInOrderOneALine(t *testing.T) {
	input := `{"op":"duration","text":"1s"}` + "\n\nnot JSON\n" + `{"op":"quantity_cmp","a":"1","b":"1"}`
	var output bytes.Buffer
	if err := serve(strings.NewReader(input), &output); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(output.String()), "\n")
	if len(lines) != 3 || !strings.Contains(lines[1], "error") || lines[2] != `{"ok":0}` {
		t.Errorf("got %q", lines)
	}
}
