package main

// JSON Patch, JSON Merge Patch and strategic merge patch, by the libraries of kube-apiserver and
// kubectl. Documents are embedded in the request as JSON.

import (
	"encoding/json"
	"fmt"

	jsonpatch "gopkg.in/evanphx/json-patch.v4"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
	"k8s.io/client-go/kubernetes/scheme"
)

type patchRequest struct {
	Doc   json.RawMessage `json:"doc"`
	Patch json.RawMessage `json:"patch"`
}

func jsonPatch(request patchRequest) (any, error) {
	patch, err := jsonpatch.DecodePatch(request.Patch)
	if err != nil {
		return nil, err
	}
	return document(patch.Apply(request.Doc))
}

func mergePatch(request patchRequest) (any, error) {
	return document(jsonpatch.MergePatch(request.Doc, request.Patch))
}

func createMergePatch(request struct{ A, B json.RawMessage }) (any, error) {
	return document(jsonpatch.CreateMergePatch(request.A, request.B))
}

// document embeds encoded JSON in the answer.
func document(encoded []byte, err error) (any, error) {
	return json.RawMessage(encoded), err
}

// gvk names a kind; core's group is empty.
type gvk struct {
	Group   string `json:"group"`
	Version string `json:"version"`
	Kind    string `json:"kind"`
}

func (k gvk) schemaKind() schema.GroupVersionKind {
	return schema.GroupVersionKind{Group: k.Group, Version: k.Version, Kind: k.Kind}
}

// zero is an empty Go struct of the kind; its tags carry the patch strategies.
func (k gvk) zero() (runtime.Object, error) {
	return scheme.Scheme.New(k.schemaKind())
}

func strategicMerge(request struct {
	gvk
	Original json.RawMessage `json:"original"`
	Patch    json.RawMessage `json:"patch"`
}) (any, error) {
	zero, err := request.zero()
	if err != nil {
		return nil, err
	}
	return document(strategicpatch.StrategicMergePatch(request.Original, request.Patch, zero))
}

func strategicTwoWay(request struct {
	gvk
	A json.RawMessage `json:"a"`
	B json.RawMessage `json:"b"`
}) (any, error) {
	zero, err := request.zero()
	if err != nil {
		return nil, err
	}
	return document(strategicpatch.CreateTwoWayMergePatch(request.A, request.B, zero))
}

// strategicThreeWay answers the patch that client-side apply would send; overwrite is kubectl's
// --overwrite, true unless the request says otherwise.
func strategicThreeWay(request struct {
	gvk
	Original  json.RawMessage `json:"original"`
	Modified  json.RawMessage `json:"modified"`
	Current   json.RawMessage `json:"current"`
	Overwrite *bool           `json:"overwrite"`
}) (any, error) {
	zero, err := request.zero()
	if err != nil {
		return nil, err
	}
	meta, err := strategicpatch.NewPatchMetaFromStruct(zero)
	if err != nil {
		return nil, fmt.Errorf("patch metadata of %v: %w", request.gvk, err)
	}
	overwrite := request.Overwrite == nil || *request.Overwrite
	return document(strategicpatch.CreateThreeWayMergePatch(
		request.Original, request.Modified, request.Current, meta, overwrite))
}
