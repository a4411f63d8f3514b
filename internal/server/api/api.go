// Package api is written from api/openapi.yaml: the types of /api/v1 and one method for each of its operations.
//
// The Graph and AuthZEN operations of that file are not here: their bodies are other people's, kept as they came.
package api

//go:generate go tool -modfile=../../../tools/go.mod oapi-codegen -config oapi-codegen.yaml ../../../api/openapi.yaml
