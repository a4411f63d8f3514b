package server

import (
	"net/http"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/server/api"
	"github.com/bailiwick/bailiwick/internal/server/authzen"
	"github.com/bailiwick/bailiwick/internal/server/graph"
	"github.com/bailiwick/bailiwick/internal/server/web"
)

// route is one line of the list: a pattern of http.ServeMux and who answers.
type route struct {
	pattern string
	handler http.HandlerFunc
}

// routes is the one list of everything that is answered. Its patterns are those of the contract, in both directions.
func (s *server) routes() []route {
	list := routeList{
		{"GET /livez", s.live},
		{"GET /readyz", s.ready},
		{"GET /metrics", s.showMetrics},
	}

	g := graph.New(s.Investigation)
	list = append(list, routeList{
		{"GET /v1.0/security/alerts_v2", g.ListAlerts},
		{"GET /v1.0/security/alerts_v2/{id}", g.GetAlert},
		{"PATCH /v1.0/security/alerts_v2/{id}", g.UpdateAlert},
		{"GET /v1.0/security/alerts_v2/{id}/comments", g.ListAlertComments},
		{"POST /v1.0/security/alerts_v2/{id}/comments", g.CommentAlert},
		{"GET /v1.0/security/incidents", g.ListIncidents},
		{"GET /v1.0/security/incidents/{id}", g.GetIncident},
		{"PATCH /v1.0/security/incidents/{id}", g.UpdateIncident},
		{"GET /v1.0/security/incidents/{id}/comments", g.ListIncidentComments},
		{"POST /v1.0/security/incidents/{id}/comments", g.CommentIncident},
	}...)

	list = append(list, route{"POST /v1.0/security/runHuntingQuery", graph.NewHunting(s.Library, s.Hunter).RunQuery})

	d := graph.NewRoles(s.Permissions)
	list = append(list, routeList{
		{"GET /beta/roleManagement/defender/roleDefinitions", d.ListDefinitions},
		{"POST /beta/roleManagement/defender/roleDefinitions", d.CreateDefinition},
		{"GET /beta/roleManagement/defender/roleDefinitions/{id}", d.GetDefinition},
		{"PATCH /beta/roleManagement/defender/roleDefinitions/{id}", d.UpdateDefinition},
		{"DELETE /beta/roleManagement/defender/roleDefinitions/{id}", d.DeleteDefinition},
		{"GET /beta/roleManagement/defender/roleAssignments", d.ListAssignments},
		{"POST /beta/roleManagement/defender/roleAssignments", d.CreateAssignment},
		{"GET /beta/roleManagement/defender/roleAssignments/{id}", d.GetAssignment},
		{"PATCH /beta/roleManagement/defender/roleAssignments/{id}", d.UpdateAssignment},
		{"DELETE /beta/roleManagement/defender/roleAssignments/{id}", d.DeleteAssignment},
		{"GET /beta/roleManagement/defender/resourceNamespaces", d.ListNamespaces},
		{"GET /beta/roleManagement/defender/customAppScopes", d.ListAppScopes},
	}...)

	n := graph.NewDetections(s.Detection)
	list = append(list, routeList{
		{"GET /beta/security/rules/detectionRules", n.List},
		{"POST /beta/security/rules/detectionRules", n.Create},
		{"GET /beta/security/rules/detectionRules/{id}", n.Get},
		{"PATCH /beta/security/rules/detectionRules/{id}", n.Update},
		{"DELETE /beta/security/rules/detectionRules/{id}", n.Delete},
	}...)

	a := authzen.New(s.Permissions, s.Investigation, s.Response, s.Now)
	list = append(list, routeList{
		{"GET /.well-known/authzen-configuration", a.Configuration},
		{"POST /access/v1/evaluation", a.Evaluation},
		{"POST /access/v1/evaluations", a.Evaluations},
		{"POST /access/v1/search/subject", a.SearchSubject},
		{"POST /access/v1/search/resource", a.SearchResource},
		{"POST /access/v1/search/action", a.SearchAction},
	}...)

	// Our own: the generated code has the patterns, and calls the methods of handlers.
	h := &handlers{s}
	list = append(list, route{"POST /api/v1/ingest", h.ingest}, route{"PUT /api/v1/hunting/feeds/{id}/data", h.loadFeed}, route{"POST /api/v1/actions/{id}/answer", h.answerAction})
	strict := api.NewStrictHandlerWithOptions(h, nil, api.StrictHTTPServerOptions{
		RequestErrorHandlerFunc:  unreadable,
		ResponseErrorHandlerFunc: s.refuse,
	})
	api.HandlerWithOptions(strict, api.StdHTTPServerOptions{BaseRouter: &list, ErrorHandlerFunc: unreadable})
	return list
}

// routeList collects what the generated code registers.
type routeList []route

// HandleFunc takes one.
func (l *routeList) HandleFunc(pattern string, handler func(http.ResponseWriter, *http.Request)) {
	*l = append(*l, route{pattern, handler})
}

// ServeHTTP is never called: the list is taken into a mux first.
func (l *routeList) ServeHTTP(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) }

// unreadable answers a request that the generated code could not read.
func unreadable(w http.ResponseWriter, r *http.Request, err error) {
	web.WriteProblem(w, r, fault.Invalid("read the request", "it does not fit the contract").WithDetails(misread(err)))
}

// handlers are the operations of our own surface.
type handlers struct {
	*server
}

var _ api.StrictServerInterface = (*handlers)(nil)
