package patterns

// Description is the content of an ID that its structure reveals, without a network.
type Description struct {
	Account   string // the account of the ID; empty if the ID does not contain it
	Temporary bool   // the ID grants access only with a token, and expires within days
	LongTerm  bool   // the ID is valid until it is deleted
	Canary    bool   // the account is that of a service for canaries, whose use alerts their owner
	Structure string // a phrase about the form of the ID
}

// DescribeID returns the description of an ID that the rule found. It is empty if the rule
// has none.
func (r *Rule) DescribeID(id string) Description {
	if f := describer(r.Describe); f != nil {
		return f(id)
	}
	return Description{}
}

// describer returns the function that a rule names, or nil.
func describer(name string) func(id string) Description {
	switch name {
	case "aws-key-id":
		return describeKeyID
	}
	return nil
}

// describeKeyID describes an access key ID of AWS.
func describeKeyID(id string) Description {
	parsed := ParseKeyID(id)
	d := Description{Account: parsed.Account, Temporary: Temporary(id), LongTerm: LongTerm(id), Structure: "long-lived key"}
	_, d.Canary = Canary(parsed.Account)
	if d.Temporary {
		d.Structure = "temporary key"
	}
	switch parsed.Generation {
	case NewGeneration:
		d.Structure += ", well-formed, of account " + parsed.Account
	case OldGeneration:
		d.Structure += ", well-formed, of the generation without an account"
	case Unissued:
		d.Structure += ", base32, but of a generation that AWS does not issue"
	default:
		d.Structure += ", not base32, so not issued by AWS"
	}
	return d
}
