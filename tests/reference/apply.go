package main

// Server-side apply: a sequence of requests against one object, by the field manager of
// kube-apiserver.

import (
	"encoding/json"
	"errors"
	"fmt"
	"sort"
	"strconv"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/managedfields"
	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"
)

// relabel stands in for version conversion, defaulting and creation. Like a custom resource
// without a conversion webhook, an object changes version by changing its apiVersion.
type relabel struct{}

func (relabel) Convert(in, out, context any) error { return errors.New("not implemented") }

func (relabel) ConvertToVersion(in runtime.Object, target runtime.GroupVersioner) (runtime.Object, error) {
	from := in.GetObjectKind().GroupVersionKind()
	to, ok := target.KindForGroupVersionKinds([]schema.GroupVersionKind{from})
	if !ok {
		return nil, fmt.Errorf("%v can't become %v", from, target)
	}
	if from == to {
		return in, nil
	}
	out := in.DeepCopyObject()
	out.GetObjectKind().SetGroupVersionKind(to)
	return out, nil
}

func (relabel) ConvertFieldLabel(schema.GroupVersionKind, string, string) (string, string, error) {
	return "", "", errors.New("not implemented")
}

func (relabel) Default(runtime.Object) {}

func (relabel) New(kind schema.GroupVersionKind) (runtime.Object, error) {
	object := &unstructured.Unstructured{Object: map[string]any{}}
	object.SetGroupVersionKind(kind)
	return object, nil
}

// applyStep is one request. apiVersion is that of the endpoint; by default the object's.
type applyStep struct {
	Kind        string          `json:"kind"` // apply or update
	Manager     string          `json:"manager"`
	Object      json.RawMessage `json:"object"`
	Force       bool            `json:"force"`
	APIVersion  string          `json:"apiVersion"`
	Subresource string          `json:"subresource"`
}

type applyRequest struct {
	typing
	Live  json.RawMessage `json:"live"` // what exists before the first step; by default nothing
	Reset json.RawMessage `json:"reset"`
	Steps []applyStep     `json:"steps"`
}

type managerEntry struct {
	Manager     string          `json:"manager"`
	Operation   string          `json:"operation"`
	APIVersion  string          `json:"apiVersion"`
	Subresource string          `json:"subresource,omitempty"`
	FieldsV1    json.RawMessage `json:"fieldsV1"`
}

type conflictEntry struct {
	Manager string `json:"manager"`
	Path    string `json:"path"`
}

type stepAnswer struct {
	Live      any             `json:"live"` // without managedFields
	Managed   []managerEntry  `json:"managedFields"`
	Conflicts []conflictEntry `json:"conflicts,omitempty"`
	Error     string          `json:"error,omitempty"`
}

func (r applyRequest) fieldManager(step applyStep) (*managedfields.FieldManager, schema.GroupVersionKind, error) {
	kind := r.schemaKind()
	if step.APIVersion != "" {
		kind = schema.FromAPIVersionAndKind(step.APIVersion, r.Kind)
	}
	converter, err := r.converter()
	if err != nil {
		return nil, kind, err
	}
	var filters map[fieldpath.APIVersion]fieldpath.Filter
	if r.Reset != nil && step.Subresource == "" {
		reset, err := decodeSet(r.Reset)
		if err != nil {
			return nil, kind, fmt.Errorf("reset: %w", err)
		}
		filters = map[fieldpath.APIVersion]fieldpath.Filter{
			fieldpath.APIVersion(kind.GroupVersion().String()): fieldpath.NewExcludeSetFilter(reset),
		}
	}
	build := managedfields.NewDefaultCRDFieldManager
	if r.builtin() {
		build = managedfields.NewDefaultFieldManager
	}
	manager, err := build(converter, relabel{}, relabel{}, relabel{}, kind,
		r.schemaKind().GroupVersion(), step.Subresource, filters)
	return manager, kind, err
}

// serverSideApply answers the state after each step. A step that fails leaves the object as it was.
func serverSideApply(request applyRequest) (any, error) {
	created, err := relabel{}.New(request.schemaKind())
	if err != nil {
		return nil, err
	}
	live := created.(*unstructured.Unstructured)
	if request.Live != nil {
		if live, err = decodeObject(request.Live); err != nil {
			return nil, fmt.Errorf("live: %w", err)
		}
	}
	answers := []stepAnswer{}
	for index, step := range request.Steps {
		next, err := request.run(step, live)
		if err == nil {
			live = next
		}
		answer, encodeErr := describe(live, err)
		if encodeErr != nil {
			return nil, fmt.Errorf("steps[%d]: %w", index, encodeErr)
		}
		answers = append(answers, answer)
	}
	return answers, nil
}

func (r applyRequest) run(step applyStep, live *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	object, err := decodeObject(step.Object)
	if err != nil {
		return nil, err
	}
	manager, kind, err := r.fieldManager(step)
	if err != nil {
		return nil, err
	}
	before, err := relabel{}.ConvertToVersion(live.DeepCopy(), kind.GroupVersion())
	if err != nil {
		return nil, err
	}
	var after runtime.Object
	switch step.Kind {
	case "apply":
		after, err = manager.Apply(before, object, step.Manager, step.Force)
	case "update":
		after, err = manager.Update(before, object, step.Manager)
	default:
		err = fmt.Errorf("no step kind %q: say apply or update", step.Kind)
	}
	if err != nil {
		return nil, err
	}
	return after.(*unstructured.Unstructured), nil
}

// describe leaves times out and sorts by operation, manager, version and subresource, so that the
// answer does not depend on the clock.
func describe(live *unstructured.Unstructured, failure error) (stepAnswer, error) {
	answer := stepAnswer{Managed: []managerEntry{}}
	for _, entry := range live.GetManagedFields() {
		set, err := decodeSet(entry.FieldsV1.GetRawBytes())
		if err != nil {
			return answer, err
		}
		encoded, err := set.ToJSON()
		if err != nil {
			return answer, err
		}
		answer.Managed = append(answer.Managed, managerEntry{
			entry.Manager, string(entry.Operation), entry.APIVersion, entry.Subresource, encoded,
		})
	}
	sort.Slice(answer.Managed, func(i, j int) bool {
		return answer.Managed[i].order() < answer.Managed[j].order()
	})
	plain := live.DeepCopy()
	plain.SetManagedFields(nil)
	if metadata, ok := plain.Object["metadata"].(map[string]any); ok && len(metadata) == 0 {
		delete(plain.Object, "metadata") // the field manager may leave an empty one
	}
	answer.Live = plain.Object
	if failure != nil {
		answer.Error = failure.Error()
		answer.Conflicts = conflictsOf(failure)
		if answer.Conflicts != nil {
			answer.Error = "conflict" // the full text has times in it
		}
	}
	return answer, nil
}

func (e managerEntry) order() string {
	return strings.Join([]string{e.Operation, e.Manager, e.APIVersion, e.Subresource}, "\x00")
}

func conflictsOf(failure error) []conflictEntry {
	var status apierrors.APIStatus
	if !apierrors.IsConflict(failure) || !errors.As(failure, &status) || status.Status().Details == nil {
		return nil
	}
	conflicts := []conflictEntry{}
	for _, cause := range status.Status().Details.Causes {
		if cause.Type != metav1.CauseTypeFieldManagerConflict {
			continue
		}
		conflicts = append(conflicts, conflictEntry{quotedManager(cause.Message), cause.Field})
	}
	sort.Slice(conflicts, func(i, j int) bool {
		a, b := conflicts[i], conflicts[j]
		return a.Manager < b.Manager || (a.Manager == b.Manager && a.Path < b.Path)
	})
	return conflicts
}

// quotedManager reads the name out of: conflict with "NAME" using VERSION.
func quotedManager(message string) string {
	quoted, err := strconv.QuotedPrefix(strings.TrimPrefix(message, "conflict with "))
	if err != nil {
		return message
	}
	name, err := strconv.Unquote(quoted)
	if err != nil {
		return message
	}
	return name
}
