package unpack

import (
	"fmt"
	"strings"
)

// unread is the error of an archive with members that were not read.
type unread struct {
	list []string
	more int // members that are not in list
}

// maxUnread is the maximum number of members that the error names.
const maxUnread = 3

func (e *unread) add(name string, err error) {
	if len(e.list) == maxUnread {
		e.more++
		return
	}
	if name != "" {
		err = fmt.Errorf("%s: %w", name, err)
	}
	e.list = append(e.list, err.Error())
}

func (e *unread) count() int { return len(e.list) + e.more }

// Error implements error.
func (e *unread) Error() string {
	out := "not unpacked: " + strings.Join(e.list, "; ")
	if e.more > 0 {
		out += fmt.Sprintf("; and %d more", e.more)
	}
	return out
}

// fail records a member that was not unpacked, if err is not nil.
func (u *Unpacker) fail(name string, err error) {
	if err != nil {
		u.unread.add(name, err)
	}
}

// damaged records a member that was not read to its end, if err is not nil.
func (u *Unpacker) damaged(name string, err error) {
	if err != nil {
		u.unread.add(name, fmt.Errorf("damaged: %w", err))
	}
}
