// Package api is the contract: one file that the server's types, its checks and the portal's client are made from.
package api

import _ "embed"

// OpenAPI is openapi.yaml as it stood when the program was built.
//
//go:embed openapi.yaml
var OpenAPI []byte
