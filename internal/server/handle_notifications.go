package server

import (
	"context"
	"strconv"
	"strings"

	"github.com/bailiwick/bailiwick/internal/notify"
	"github.com/bailiwick/bailiwick/internal/server/api"
	"github.com/bailiwick/bailiwick/internal/server/web"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// ListNotificationRules lists the rules.
func (h *handlers) ListNotificationRules(ctx context.Context, r api.ListNotificationRulesRequestObject) (api.ListNotificationRulesResponseObject, error) {
	list, err := h.Notify.Rules(ctx, web.CallerOf(ctx).Actor())
	if err != nil {
		return nil, err
	}
	asker, err := h.asker(ctx)
	if err != nil {
		return nil, err
	}
	change := may(asker, rbac.ManageSettings, rbac.Other)
	page, next, err := paged(ctx, h, list, func(r store.NotificationRule) string { return strings.ToLower(r.Name) }, r.Params.Limit, r.Params.Cursor, "notification-rules")
	return api.ListNotificationRules200JSONResponse{
		Items: each(page, func(r store.NotificationRule) api.NotificationRule { return notificationRule(r, change) }), Total: len(list), Next: next,
		Actions: api.Actions{"create": change},
	}, err
}

func notificationRule(r store.NotificationRule, change api.Action) api.NotificationRule {
	return api.NotificationRule{
		ID: r.ID, Name: r.Name, On: r.On, Severities: orEmpty(r.Severities), Everywhere: r.Everywhere, DeviceGroups: orEmpty(r.DeviceGroups),
		Recipients: each(r.Recipients, recipientOf),
		UpdatedBy:  r.UpdatedBy, LastUpdateDateTime: r.Updated, Etag: notify.Tag(r), Actions: api.Actions{"edit": change, "delete": change, "test": change},
	}
}

func recipientOf(to store.Recipient) api.NotificationRecipient {
	return api.NotificationRecipient{User: to.User, Mail: to.Mail, Webhook: to.Webhook}
}

// theNotificationRule is a rule as its reader meets it.
func (h *handlers) theNotificationRule(ctx context.Context, r store.NotificationRule, err error) (api.NotificationRule, error) {
	if err != nil {
		return api.NotificationRule{}, err
	}
	asker, err := h.asker(ctx)
	if err != nil {
		return api.NotificationRule{}, err
	}
	return notificationRule(r, may(asker, rbac.ManageSettings, rbac.Other)), nil
}

func notificationSetting(b api.NotificationRuleSetting) notify.Setting {
	return notify.Setting{
		Name: b.Name, On: b.On == nil || *b.On, Severities: b.Severities, Everywhere: b.Everywhere, DeviceGroups: b.DeviceGroups,
		Recipients: each(b.Recipients, func(to api.NotificationRecipient) store.Recipient {
			return store.Recipient{User: to.User, Mail: to.Mail, Webhook: to.Webhook}
		}),
	}
}

// CreateNotificationRule makes one.
func (h *handlers) CreateNotificationRule(ctx context.Context, r api.CreateNotificationRuleRequestObject) (api.CreateNotificationRuleResponseObject, error) {
	made, err := h.Notify.Create(ctx, web.CallerOf(ctx).Actor(), notificationSetting(*r.Body))
	rule, err := h.theNotificationRule(ctx, made, err)
	return api.CreateNotificationRule201JSONResponse{Body: rule, Headers: api.CreateNotificationRule201ResponseHeaders{ETag: rule.Etag}}, err
}

// GetNotificationRule shows one.
func (h *handlers) GetNotificationRule(ctx context.Context, r api.GetNotificationRuleRequestObject) (api.GetNotificationRuleResponseObject, error) {
	found, err := h.Notify.Rule(ctx, web.CallerOf(ctx).Actor(), r.ID)
	rule, err := h.theNotificationRule(ctx, found, err)
	return api.GetNotificationRule200JSONResponse{Body: rule, Headers: api.GetNotificationRule200ResponseHeaders{ETag: rule.Etag}}, err
}

// PutNotificationRule changes one.
func (h *handlers) PutNotificationRule(ctx context.Context, r api.PutNotificationRuleRequestObject) (api.PutNotificationRuleResponseObject, error) {
	changed, err := h.Notify.Change(ctx, web.CallerOf(ctx).Actor(), r.ID, r.Params.IfMatch, notificationSetting(*r.Body))
	rule, err := h.theNotificationRule(ctx, changed, err)
	return api.PutNotificationRule200JSONResponse{Body: rule, Headers: api.PutNotificationRule200ResponseHeaders{ETag: rule.Etag}}, err
}

// RemoveNotificationRule removes one.
func (h *handlers) RemoveNotificationRule(ctx context.Context, r api.RemoveNotificationRuleRequestObject) (api.RemoveNotificationRuleResponseObject, error) {
	return api.RemoveNotificationRule204Response{}, h.Notify.Remove(ctx, web.CallerOf(ctx).Actor(), r.ID, r.Params.IfMatch)
}

// TestNotificationRule sends a test.
func (h *handlers) TestNotificationRule(ctx context.Context, r api.TestNotificationRuleRequestObject) (api.TestNotificationRuleResponseObject, error) {
	list, err := h.Notify.Test(ctx, web.CallerOf(ctx).Actor(), r.ID)
	return api.TestNotificationRule200JSONResponse{Items: each(list, notificationOf), Total: int64(len(list))}, err
}

func notificationOf(n store.Notification) api.Notification {
	return api.Notification{
		ID: n.ID, Rule: n.Rule, RuleName: n.RuleName, AlertID: n.Alert, DetectionID: n.Detection, To: recipientOf(n.To), Status: n.Status, Outcome: n.Outcome, Attempts: n.Attempts,
		CreatedDateTime: n.Created, LastUpdateDateTime: n.Updated, NextDateTime: whenever(n.Next),
	}
}

// ListNotifications tells what became of them.
func (h *handlers) ListNotifications(ctx context.Context, r api.ListNotificationsRequestObject) (api.ListNotificationsResponseObject, error) {
	p := r.Params
	q := store.NotificationQuery{Rule: p.Rule, Status: p.Status, Limit: p.Limit}
	if q.Limit == 0 {
		q.Limit = 50
	}
	list := strings.Join([]string{"notifications", p.Rule, p.Status, web.CallerOf(ctx).User}, "\x01")
	after, err := h.cursors.Open(list, p.Cursor)
	if err != nil {
		return nil, err
	}
	if created, id, ok := strings.Cut(after, " "); ok {
		q.After.ID = id
		if q.After.Created, err = strconv.ParseInt(created, 10, 64); err != nil {
			return nil, err
		}
	}
	page, err := h.Notify.Log(ctx, web.CallerOf(ctx).Actor(), q)
	if err != nil {
		return nil, err
	}
	out := api.ListNotifications200JSONResponse{Items: each(page.Items, notificationOf), Total: page.Total}
	if page.Next != (store.NotificationPlace{}) {
		out.Next = h.cursors.Seal(list, strconv.FormatInt(page.Next.Created, 10)+" "+page.Next.ID)
	}
	return out, nil
}

// GetNotificationChannels names the ways of telling somebody.
func (h *handlers) GetNotificationChannels(ctx context.Context, _ api.GetNotificationChannelsRequestObject) (api.GetNotificationChannelsResponseObject, error) {
	c, err := h.Notify.Channels(ctx, web.CallerOf(ctx).Actor())
	out := api.GetNotificationChannels200JSONResponse{Portal: h.Notify.Portal, Webhooks: each(c.Webhooks, func(w notify.WebhookChannel) api.WebhookChannel {
		return api.WebhookChannel{Name: w.Name, Host: w.Host, PrivateNetwork: w.Within}
	})}
	if m := c.Mail; m != nil {
		out.Mail = &api.MailChannel{Server: m.Server, TLS: m.TLS, SignsIn: m.SignsIn, From: m.From, Domains: orEmpty(m.Domains)}
	}
	return out, err
}
