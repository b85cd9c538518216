package main

// Custom resource definitions and the API server's checks against them.

import (
	"context"
	"os"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/validation/field"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"sigs.k8s.io/yaml"
)

// definition is one version of a custom resource.
type definition struct {
	structural *schema.Structural
	types      validation.SchemaValidator
	rules      *cel.Validator
}

// load reads the definitions of a file, keyed by version and kind.
func load(file string) (map[string]*definition, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var resource apiextensionsv1.CustomResourceDefinition
	if err := yaml.Unmarshal(text, &resource); err != nil {
		return nil, err
	}
	definitions := map[string]*definition{}
	for _, version := range resource.Spec.Versions {
		definition, err := define(version.Schema.OpenAPIV3Schema)
		if err != nil {
			return nil, err
		}
		name := resource.Spec.Group + "/" + version.Name + " " + resource.Spec.Names.Kind
		definitions[name] = definition
	}
	return definitions, nil
}

func define(written *apiextensionsv1.JSONSchemaProps) (*definition, error) {
	var properties apiextensions.JSONSchemaProps
	if err := apiextensionsv1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(written, &properties, nil); err != nil {
		return nil, err
	}
	structural, err := schema.NewStructural(&properties)
	if err != nil {
		return nil, err
	}
	types, _, err := validation.NewSchemaValidator(&properties)
	if err != nil {
		return nil, err
	}
	rules := cel.NewValidator(structural, true, celconfig.PerCallLimit)
	return &definition{structural: structural, types: types, rules: rules}, nil
}

// problems runs the checks in the order of the API server, which prunes and sets defaults first.
func (definition *definition) problems(object map[string]any) []string {
	unknown := pruning.PruneWithOptions(object, definition.structural, true, schema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true})
	var found []string
	for _, path := range unknown {
		found = append(found, "unknown field \""+path+"\"")
	}
	defaulting.Default(object, definition.structural)
	errs := objectmeta.Validate(nil, object, definition.structural, true)
	errs = append(errs, definition.metadata(object)...)
	errs = append(errs, validation.ValidateCustomResource(nil, object, definition.types)...)
	errs = append(errs, listtype.ValidateListSetsAndMaps(nil, definition.structural, object)...)
	// Rules assume that the types are valid.
	if len(errs) == 0 {
		broken, _ := definition.rules.Validate(context.Background(), field.NewPath(""), definition.structural, object, nil, celconfig.RuntimeCELCostBudget)
		errs = append(errs, broken...)
	}
	for _, err := range errs {
		found = append(found, err.Error())
	}
	return found
}

// metadata reads the metadata into the API server's own type and reports unknown fields.
func (definition *definition) metadata(object map[string]any) field.ErrorList {
	_, _, unknown, err := objectmeta.GetObjectMetaWithOptions(object, objectmeta.ObjectMetaOptions{ReturnUnknownFieldPaths: true})
	if err != nil {
		return field.ErrorList{field.Invalid(field.NewPath("metadata"), object["metadata"], err.Error())}
	}
	var errs field.ErrorList
	for _, path := range unknown {
		errs = append(errs, field.Forbidden(field.NewPath(path), "no such field"))
	}
	resource := unstructured.Unstructured{Object: object}
	if resource.GetName() == "" && resource.GetGenerateName() == "" {
		errs = append(errs, field.Required(field.NewPath("metadata", "name"), "a name or generateName is required"))
	}
	return errs
}
