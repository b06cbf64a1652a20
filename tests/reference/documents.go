package main

// YAML and JSON as text: what sigs.k8s.io/yaml (kubectl, Helm, kustomize) and the API server's own
// JSON codec make of it.

import (
	"encoding/base64"
	"encoding/json"

	yamlv2 "go.yaml.in/yaml/v2"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	"sigs.k8s.io/yaml"
)

type yamlText struct {
	YAML   string `json:"yaml"`
	Base64 string `json:"base64"` // instead of yaml, for text that is not UTF-8
}

func (t yamlText) bytes() ([]byte, error) {
	if t.Base64 != "" {
		return base64.StdEncoding.DecodeString(t.Base64)
	}
	return []byte(t.YAML), nil
}

func yamlToJSON(request yamlText) (any, error) {
	text, err := request.bytes()
	if err != nil {
		return nil, err
	}
	out, err := yaml.YAMLToJSON(text)
	return string(out), err
}

func yamlToJSONStrict(request yamlText) (any, error) {
	text, err := request.bytes()
	if err != nil {
		return nil, err
	}
	out, err := yaml.YAMLToJSONStrict(text)
	return string(out), err
}

type jsonText struct {
	JSON string `json:"json"`
}

// decode reads as the API server does: integers that fit become int64, other numbers float64.
func (t jsonText) decode() (any, error) {
	var value any
	err := utiljson.Unmarshal([]byte(t.JSON), &value)
	return value, err
}

func jsonToYAML(request jsonText) (any, error) {
	out, err := yaml.JSONToYAML([]byte(request.JSON))
	return string(out), err
}

func yamlV2Emit(request jsonText) (any, error) {
	value, err := request.decode()
	if err != nil {
		return nil, err
	}
	out, err := yamlv2.Marshal(value)
	return string(out), err
}

func yamlMarshal(request jsonText) (any, error) {
	value, err := request.decode()
	if err != nil {
		return nil, err
	}
	out, err := yaml.Marshal(value)
	return string(out), err
}

func jsonCompact(request jsonText) (any, error) {
	value, err := request.decode()
	if err != nil {
		return nil, err
	}
	out, err := json.Marshal(value)
	return string(out), err
}
