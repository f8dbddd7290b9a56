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

// partition is a part of AWS with its own accounts and keys.
type partition struct {
	name, region, domain string
	prefixes             []string // of the names of its regions; if empty, see partitionOf
}

func partitions() []partition {
	return []partition{
		{"aws", "us-east-1", "amazonaws.com", nil},
		{"aws-cn", "cn-north-1", "amazonaws.com.cn", []string{"cn-"}},
		{"aws-us-gov", "us-gov-west-1", "amazonaws.com", []string{"us-gov-"}},
	}
}

// Partitions returns the valid values of Options.Partition.
func Partitions() []string {
	var names []string
	for _, p := range partitions() {
		names = append(names, p.name)
	}
	return names
}

// complete checks o and sets its defaults.
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

// checkRegion sets the default region or checks it, since it becomes part of a host name.
func (o *Options) checkRegion(p partition) error {
	if o.Region == "" {
		o.Region = p.region
	}
	if ok, _ := regexp.MatchString(`\A[a-z]{2,4}(-[a-z]{2,12}){1,3}-[0-9]{1,2}\z`, o.Region); !ok {
		return fmt.Errorf("%q is not a region such as %s", o.Region, p.region)
	}
	switch home := partitionOf(o.Region); home {
	case p.name:
		return nil
	case "":
		return fmt.Errorf("region %s is in a partition that is not supported (known: %s): use aws sts get-caller-identity there", o.Region, strings.Join(Partitions(), ", "))
	default:
		return fmt.Errorf("region %s is in partition %s, not in %s", o.Region, home, p.name)
	}
}

// partitionOf returns the partition of a region, or "" if it is not supported. The
// regions of aws have two words. Those with more, such as us-iso-east-1 and
// eusc-de-east-1, are in partitions with other domains, which are often unreachable.
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

// checkEndpoint sets the default endpoint, or requires one that does not send session
// tokens unencrypted.
func (o *Options) checkEndpoint(p partition) error {
	if o.Endpoint == "" {
		o.Endpoint = "https://sts." + o.Region + "." + p.domain
		return nil
	}
	u, err := url.Parse(o.Endpoint)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return errors.New("the endpoint is not the URL of a host, such as https://sts.example.com")
	case u.Scheme == "https", u.Scheme == "http" && isLocal(u.Hostname()):
		return nil
	}
	return errors.New("the endpoint must use https: otherwise session tokens are sent unencrypted")
}

func isLocal(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// pace enforces an interval between calls.
type pace struct {
	interval time.Duration
	next     time.Time
}

// wait blocks until the next call may start, or returns the error of ctx before.
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
