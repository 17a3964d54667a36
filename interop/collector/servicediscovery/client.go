// Package servicediscovery stands in for AWS Cloud Map, whose client the load balancer imports for one of its resolvers.
// Here a namespace is a file that lists who is there, each on a line as HOST:PORT. So a second tier can move while the
// first one runs.
package servicediscovery

import (
	"context"
	"net"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicediscovery/types"
)

type Client struct{}

func NewFromConfig(aws.Config) *Client { return &Client{} }

type DiscoverInstancesInput struct {
	NamespaceName, ServiceName, OwnerAccount *string
	HealthStatus                             types.HealthStatusFilter
	MaxResults                               *int32
	OptionalParameters, QueryParameters      map[string]string
}

type DiscoverInstancesOutput struct {
	Instances []types.HttpInstanceSummary
}

func (*Client) DiscoverInstances(
	_ context.Context, input *DiscoverInstancesInput,
) (*DiscoverInstancesOutput, error) {
	listed, err := os.ReadFile(*input.NamespaceName)
	if err != nil {
		return nil, err
	}
	found := &DiscoverInstancesOutput{}
	for _, address := range strings.Fields(string(listed)) {
		host, port, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		found.Instances = append(found.Instances, types.HttpInstanceSummary{
			Attributes: map[string]string{"AWS_INSTANCE_IPV4": host, "AWS_INSTANCE_PORT": port},
		})
	}
	return found, nil
}
