package investigation

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Times stand in cursors to the last digit: whoever turns pages meets everything once.
func TestPagesOfThingsJoinWhateverTheirTimes(t *testing.T) {
	w := newWorld(t, rbac.Policy{EndpointRoles: true})
	var lines []string
	const many = 9
	for i := range many {
		lines = append(lines, fmt.Sprintf(`{"id":"da%d","serviceSource":"microsoftDefenderForEndpoint","createdDateTime":"2026-02-01T00:00:00.123456%dZ","evidence":[
			{"@odata.type":"#microsoft.graph.security.userEvidence","userAccount":{"userPrincipalName":"u%[1]d@x"}},{"@odata.type":"#microsoft.graph.security.deviceEvidence","mdeDeviceId":"d%[1]d","hostName":"d%[1]d"}]}`, i, i))
	}
	w.load("world.jsonl", strings.ReplaceAll(strings.Join(lines, "\n"), ",\n\t\t\t", ","))
	for _, order := range []store.TallyOrder{store.ByLast, store.ByRisk, store.ByName} {
		users, devices := map[string]int{}, map[string]int{}
		for after, pages := "", 0; pages == 0 || after != "" && pages < 2*many; pages++ {
			page, err := w.service.Assets(ctx, local, AssetQuery{Kind: store.EntityUser, Order: order, After: after, Limit: 1})
			if err != nil {
				t.Fatal(err)
			}
			for _, item := range page.Items {
				users[item.Key]++
			}
			after = page.Next
		}
		for after, pages := "", 0; pages == 0 || after != "" && pages < 2*many; pages++ {
			page, err := w.service.Devices(ctx, local, DeviceQuery{Order: order, After: after, Limit: 1})
			if err != nil {
				t.Fatal(err)
			}
			for _, item := range page.Items {
				devices[item.ID]++
			}
			after = page.Next
		}
		for i := range many {
			if users[fmt.Sprintf("u%d@x", i)] != 1 || devices[fmt.Sprintf("d%d", i)] != 1 {
				t.Errorf("by %s: users %v, devices %v", order, users, devices)
				break
			}
		}
	}
}
