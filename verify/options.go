package verify

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// partition is a part of AWS with accounts and keys of its own.
type partition struct {
	name, region, domain string
	prefixes             []string // of its regions' names; none: see partitionOf
}

func partitions() []partition {
	return []partition{
		{"aws", "us-east-1", "amazonaws.com", nil},
		{"aws-cn", "cn-north-1", "amazonaws.com.cn", []string{"cn-"}},
		{"aws-us-gov", "us-gov-west-1", "amazonaws.com", []string{"us-gov-"}},
	}
}

// Partitions returns the names that Options.Partition takes.
func Partitions() []string {
	var names []string
	for _, p := range partitions() {
		names = append(names, p.name)
	}
	return names
}

// complete checks o and fills in what it leaves open.
func (o *Options) complete() error {
	if o.Partition == "" {
		o.Partition = "aws"
	}
	if o.Timeout == 0 {
		o.Timeout = 10 * time.Second
	}
	for _, p := range partitions() {
		if p.name == o.Partition {
			return errors.Join(o.checkRegion(p), o.checkEndpoint(p))
		}
	}
	return fmt.Errorf("unknown partition %q (known: %s)", o.Partition, strings.Join(Partitions(), ", "))
}

// checkRegion also keeps what is no region out of a host's name.
func (o *Options) checkRegion(p partition) error {
	if o.Region == "" {
		o.Region = p.region
	}
	if ok, _ := regexp.MatchString(`\A[a-z]{2,4}(-[a-z]{2,12}){1,3}-[0-9]{1,2}\z`, o.Region); !ok {
		return fmt.Errorf("%q is no region: they look like %s", o.Region, p.region)
	}
	switch home := partitionOf(o.Region); home {
	case p.name:
		return nil
	case "":
		return fmt.Errorf("region %s is of a partition that is not supported (known: %s): ask there with aws sts get-caller-identity", o.Region, strings.Join(Partitions(), ", "))
	default:
		return fmt.Errorf("region %s is of partition %s, not of %s", o.Region, home, p.name)
	}
}

// partitionOf names the partition of a region; nothing if it is none of ours. The
// regions of aws have two words. Those of more, such as us-iso-east-1 and
// eusc-de-east-1, are of partitions with other domains, and often without a way there.
func partitionOf(region string) string {
	for _, p := range partitions() {
		if slices.ContainsFunc(p.prefixes, func(prefix string) bool { return strings.HasPrefix(region, prefix) }) {
			return p.name
		}
	}
	if strings.Count(region, "-") == 2 {
		return "aws"
	}
	return ""
}

// checkEndpoint keeps session tokens off the open network.
func (o *Options) checkEndpoint(p partition) error {
	if o.Endpoint == "" {
		o.Endpoint = "https://sts." + o.Region + "." + p.domain
		return nil
	}
	u, err := url.Parse(o.Endpoint)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return errors.New("the endpoint is no URL of a host, such as https://sts.example.com")
	case u.Scheme == "https", u.Scheme == "http" && isLocal(u.Hostname()):
		return nil
	}
	return errors.New("the endpoint must be https: session tokens would cross the network in the clear")
}

func isLocal(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// pace keeps an interval between calls.
type pace struct {
	interval time.Duration
	next     time.Time
}

// wait returns when it is time for the next call, or ctx's error before.
func (p *pace) wait(ctx context.Context) error {
	timer := time.NewTimer(time.Until(p.next))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
		return ctx.Err()
	}
	p.next = time.Now().Add(p.interval)
	return ctx.Err()
}
