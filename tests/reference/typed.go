package main

// Field sets and typed values, by structured-merge-diff.

import (
	"bytes"
	"encoding/json"
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	"k8s.io/apimachinery/pkg/util/managedfields"
	"k8s.io/client-go/applyconfigurations"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/kube-openapi/pkg/validation/spec"
	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"
	"sigs.k8s.io/structured-merge-diff/v6/typed"
)

// builtinTypes knows the kinds that Kubernetes ships, with the schema that client-go embeds.
var builtinTypes = applyconfigurations.NewTypeConverter(scheme.Scheme)

// typing says which schema an object has: that of a built-in kind, none (deduced: every list is
// atomic), or an OpenAPI v3 structural schema as in a CustomResourceDefinition.
type typing struct {
	gvk
	Deduced bool         `json:"deduced"`
	Schema  *spec.Schema `json:"schema"`
	// PreserveUnknownFields lets fields through that Schema does not name.
	PreserveUnknownFields bool `json:"preserveUnknownFields"`
}

func (t typing) builtin() bool { return !t.Deduced && t.Schema == nil }

func (t typing) converter() (managedfields.TypeConverter, error) {
	if t.Deduced {
		return managedfields.NewDeducedTypeConverter(), nil
	}
	if t.Schema == nil {
		return builtinTypes, nil
	}
	schema := *t.Schema
	schema.AddExtension("x-kubernetes-group-version-kind", []any{map[string]any{
		"group": t.Group, "version": t.Version, "kind": t.Kind,
	}})
	models := map[string]*spec.Schema{"custom." + t.Kind: &schema}
	return managedfields.NewTypeConverter(models, t.PreserveUnknownFields)
}

func decodeObject(encoded json.RawMessage) (*unstructured.Unstructured, error) {
	object := map[string]any{}
	if err := utiljson.Unmarshal(encoded, &object); err != nil {
		return nil, err
	}
	return &unstructured.Unstructured{Object: object}, nil
}

// value gives an object of t's type. The request's kind decides, whatever the object says.
func (t typing) value(encoded json.RawMessage) (*typed.TypedValue, error) {
	converter, err := t.converter()
	if err != nil {
		return nil, err
	}
	return t.valueBy(converter, encoded)
}

// valueBy is value with a converter that several values share: only then can they be compared.
func (t typing) valueBy(converter managedfields.TypeConverter, encoded json.RawMessage) (*typed.TypedValue, error) {
	if t.Deduced { // which need not be a Kubernetes object
		var plain any
		if err := utiljson.Unmarshal(encoded, &plain); err != nil {
			return nil, err
		}
		return typed.DeducedParseableType.FromUnstructured(plain)
	}
	object, err := decodeObject(encoded)
	if err != nil {
		return nil, err
	}
	object.SetGroupVersionKind(t.schemaKind())
	return converter.ObjectToTyped(object)
}

func decodeSet(encoded json.RawMessage) (*fieldpath.Set, error) {
	set := fieldpath.NewSet()
	err := set.FromJSON(bytes.NewReader(encoded))
	return set, err
}

func encodeSet(set *fieldpath.Set) (any, error) {
	return document(set.ToJSON())
}

// recodeFields answers the canonical encoding and the paths as text, in order.
func recodeFields(request struct {
	FieldsV1 json.RawMessage `json:"fieldsV1"`
}) (any, error) {
	set, err := decodeSet(request.FieldsV1)
	if err != nil {
		return nil, err
	}
	encoded, err := encodeSet(set)
	if err != nil {
		return nil, err
	}
	leaves, err := encodeSet(set.Leaves())
	if err != nil {
		return nil, err
	}
	paths := []string{}
	set.Iterate(func(path fieldpath.Path) { paths = append(paths, path.String()) })
	return map[string]any{
		"fieldsV1": encoded, "leaves": leaves, "paths": paths, "size": set.Size(),
	}, nil
}

func combineFields(request struct {
	Op2 string          `json:"op2"`
	A   json.RawMessage `json:"a"`
	B   json.RawMessage `json:"b"`
}) (any, error) {
	a, err := decodeSet(request.A)
	if err != nil {
		return nil, fmt.Errorf("a: %w", err)
	}
	b, err := decodeSet(request.B)
	if err != nil {
		return nil, fmt.Errorf("b: %w", err)
	}
	switch request.Op2 {
	case "union":
		return encodeSet(a.Union(b))
	case "intersection":
		return encodeSet(a.Intersection(b))
	case "difference":
		return encodeSet(a.Difference(b))
	case "recursive_difference":
		return encodeSet(a.RecursiveDifference(b))
	}
	return nil, fmt.Errorf("no set operation %q", request.Op2)
}

func fieldsOf(request struct {
	typing
	Value json.RawMessage `json:"value"`
}) (any, error) {
	value, err := request.value(request.Value)
	if err != nil {
		return nil, err
	}
	set, err := value.ToFieldSet()
	if err != nil {
		return nil, err
	}
	return encodeSet(set)
}

type typedPair struct {
	typing
	A json.RawMessage `json:"a"`
	B json.RawMessage `json:"b"`
}

func (p typedPair) values() (a, b *typed.TypedValue, err error) {
	converter, err := p.converter()
	if err != nil {
		return nil, nil, err
	}
	if a, err = p.valueBy(converter, p.A); err != nil {
		return nil, nil, fmt.Errorf("a: %w", err)
	}
	if b, err = p.valueBy(converter, p.B); err != nil {
		return nil, nil, fmt.Errorf("b: %w", err)
	}
	return a, b, nil
}

func compareFields(request typedPair) (any, error) {
	a, b, err := request.values()
	if err != nil {
		return nil, err
	}
	comparison, err := a.Compare(b)
	if err != nil {
		return nil, err
	}
	answer := map[string]any{}
	for name, set := range map[string]*fieldpath.Set{
		"added": comparison.Added, "modified": comparison.Modified, "removed": comparison.Removed,
	} {
		if answer[name], err = encodeSet(set); err != nil {
			return nil, err
		}
	}
	return answer, nil
}

func typedMerge(request typedPair) (any, error) {
	a, b, err := request.values()
	if err != nil {
		return nil, err
	}
	merged, err := a.Merge(b)
	if err != nil {
		return nil, err
	}
	return merged.AsValue().Unstructured(), nil
}

type typedFields struct {
	typing
	Value    json.RawMessage `json:"value"`
	FieldsV1 json.RawMessage `json:"fieldsV1"`
}

func (t typedFields) decode() (*typed.TypedValue, *fieldpath.Set, error) {
	value, err := t.value(t.Value)
	if err != nil {
		return nil, nil, err
	}
	set, err := decodeSet(t.FieldsV1)
	return value, set, err
}

func typedExtract(request typedFields) (any, error) {
	value, set, err := request.decode()
	if err != nil {
		return nil, err
	}
	return value.ExtractItems(set).AsValue().Unstructured(), nil
}

func typedRemove(request typedFields) (any, error) {
	value, set, err := request.decode()
	if err != nil {
		return nil, err
	}
	return value.RemoveItems(set).AsValue().Unstructured(), nil
}
