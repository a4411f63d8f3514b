# Everything a newcomer or a machine does here is one word after `make`; `make help` lists the words.

GO       ?= go
NPM      ?= npm
CHROMIUM ?= $(firstword $(wildcard /usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome))
DIST     := internal/server/portal/dist
BINARY   := bin/bailiwick
VERSION  ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)

# Packages that share memory between goroutines are tested under the race detector; the others gain nothing by it.
# SQLite itself, which a machine translated from C, is left out of the watch: instrumented it takes most of the time and shares nothing
# with ours but memory that the detector does not look at.
RACE  := -race -gcflags=modernc.org/sqlite/lib=-race=false -gcflags=modernc.org/libc=-race=false -gcflags=modernc.org/memory=-race=false
RACED := ./internal/audit/... ./internal/directory/... ./internal/permissions/... ./internal/investigation/... ./internal/server/... ./internal/response/... ./internal/notify/... ./internal/detection/... ./internal/hunting/events/...
# Some tests there ask thousands of questions one after the other. They have nothing to race with, and run beside the others without it.
ALONE := ^(TestTwoWorlds|TestS9HowManyAlertsAreHiddenIsToldOnlyIfTheSettingSaysSo|TestIncidentsAreTheirAlertsWhateverHappens|TestHostile.*|TestLargeRecordsAreTakenOrRefusedWithTheirLimit|TestTheStateMachineIsTheModels)$$

export CHROMIUM

.DEFAULT_GOAL := help
.PHONY: help run build test check bench corpus clean ui binary test-ui test-browser browser test-go generate need-go need-cc need-node need-chromium

help: ## list these words
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

run: build ## build everything and serve the demo on this machine only
	$(BINARY) serve --demo

build: ui binary ## build the portal, then the program at bin/bailiwick

test: ## every test: portal, browser, Go; how long each part took comes last
	@took=; for part in test-ui build browser test-go; do \
		began=$$(date +%s); $(MAKE) --no-print-directory $$part || exit; took="$$took $$part $$(($$(date +%s) - began)) s,"; \
	done; echo "took:$${took%,}"

check: need-cc ui/node_modules/.package-lock.json ## the linters: gofmt, vet, staticcheck, tsc, eslint; what is generated is up to date
	@bad=$$(gofmt -l $$(git ls-files '*.go')); test -z "$$bad" || { echo "not formatted (gofmt -w): $$bad"; exit 1; }
	$(GO) vet ./...
	$(GO) tool -modfile=tools/go.mod staticcheck ./...
	@dir=$$(mktemp -d) && sed "s|^output:.*|output: $$dir/api.gen.go|" internal/server/api/oapi-codegen.yaml >$$dir/config.yaml && \
		$(GO) tool -modfile=tools/go.mod oapi-codegen -config $$dir/config.yaml api/openapi.yaml && \
		cmp -s $$dir/api.gen.go internal/server/api/api.gen.go; same=$$?; rm -rf $$dir; \
		test $$same = 0 || { echo "internal/server/api/api.gen.go is not what api/openapi.yaml makes: make generate"; exit 1; }
	cd ui && $(NPM) run --silent check && $(NPM) run --silent lint

bench: need-cc ## the measurements of docs/performance.md
	$(GO) test -run '^$$' -bench . -benchmem ./rbac/... ./internal/...

corpus: need-go internal/hunting/kql/oracle/node_modules/.package-lock.json ## how well KQL is covered, by published queries and by Microsoft's binder
	@said=$$($(GO) test -count=1 -v -run 'Corpus|Binder' ./internal/hunting/kql); status=$$?; echo "$$said" | grep -E 'queries, |^(FAIL|ok)'; exit $$status
	cd internal/hunting/kql/oracle && $(NPM) run --silent check
	@said=$$($(GO) test -count=1 -v -run 'AReaderOfAPart|MeanWhat' ./internal/hunting/hunt); status=$$?; echo "$$said" | grep -E 'queries ran|^(FAIL|ok)'; exit $$status

generate: need-go ui/node_modules/.package-lock.json ## write again what is generated from api/openapi.yaml
	$(GO) generate ./...
	cd ui && $(NPM) run --silent schema

clean: ## remove what was built
	rm -rf bin ui/node_modules internal/hunting/kql/oracle/node_modules ui/dist $(DIST)/assets $(DIST)/index.html

# --- the parts

ui: ui/node_modules/.package-lock.json
	cd ui && $(NPM) run --silent build

# npm installs from the lockfile alone, and only when the lockfile is newer than what npm noted the last time.
ui/node_modules/.package-lock.json: ui/package-lock.json | need-node
	cd ui && $(NPM) ci --no-audit --no-fund
	@touch $@

internal/hunting/kql/oracle/node_modules/.package-lock.json: internal/hunting/kql/oracle/package-lock.json | need-node
	cd internal/hunting/kql/oracle && $(NPM) ci --no-audit --no-fund
	@touch $@

binary: need-cc
	$(GO) build -ldflags "-X main.version=$(VERSION)" -o $(BINARY) ./cmd/bailiwick

test-ui: ui/node_modules/.package-lock.json
	cd ui && $(NPM) run --silent test

test-browser: build browser

browser: need-chromium # beside what is built already
	cd ui && $(NPM) run --silent e2e

test-go: need-cc
	$(GO) test $(RACE) -skip '$(ALONE)' $(RACED)
	$(GO) test -run '$(ALONE)' ./internal/investigation ./internal/server ./internal/response ./internal/detection
	$(GO) test -count=1 $$($(GO) list ./... | grep -vE '/internal/(audit|directory|permissions|investigation|server|response|notify|detection|hunting/events)(/|$$)')

need-go:
	@command -v $(GO) >/dev/null || { echo "missing: Go 1.26 or newer (the program 'go')"; exit 1; }

need-cc: need-go
	@$(GO) env CGO_ENABLED CC CXX | { read -r cgo; read -r cc; read -r cxx; [ "$$cgo" = 1 ] && command -v $$cc >/dev/null && command -v $$cxx >/dev/null; } || { echo "missing: a C and a C++ compiler, for DuckDB and the race detector (Debian: apt-get install gcc g++ libc6-dev)"; exit 1; }

need-node:
	@command -v node >/dev/null && command -v $(NPM) >/dev/null || { echo "missing: Node 20.19 or newer with npm (the programs 'node' and 'npm')"; exit 1; }
	@node -e 'const [a,b]=process.versions.node.split(".").map(Number); process.exit(a>20||(a===20&&b>=19)?0:1)' || { echo "too old: Node $$(node --version); 20.19 or newer is needed"; exit 1; }

need-chromium:
	@test -n "$(CHROMIUM)" && test -x "$(CHROMIUM)" || { echo "missing: Chromium for the browser tests (Debian: apt-get install chromium; elsewhere: make test CHROMIUM=/path/to/chrome)"; exit 1; }
