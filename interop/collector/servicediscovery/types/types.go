// Package types has what the load balancer names of Cloud Map.
package types

type HealthStatusFilter string

const HealthStatusFilterHealthy HealthStatusFilter = "HEALTHY"

type HttpInstanceSummary struct {
	Attributes map[string]string
}
