package main

import (
	"fmt"
	"os"
	"runtime"
	"syscall"
	"time"
	"unsafe"
)

const (
	epollPwait2   = 441 // Linux 5.11: a wait with nanoseconds; the millisecond of epoll_wait is twenty requests
	setTimerSlack = 29
)

// pace sends requests at a fixed rate over a fixed set of connections.
type pace struct {
	to        string
	message   []byte
	epoll     int
	conns     []*conn
	idle      ring
	started   time.Time
	from      int64 // requests due before this moment are not recorded
	latencies histogram
	sent      int
	errors    int
}

func newPace(to string, connections int) *pace {
	runtime.LockOSThread()
	// The kernel may otherwise wake a sleeper 50 µs late, which is as long as a whole exchange.
	_, _, errno := syscall.RawSyscall(syscall.SYS_PRCTL, setTimerSlack, 1, 0)
	if errno != 0 {
		fail(errno)
	}
	epoll, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	fail(err)
	p := &pace{to: to, message: request(to), epoll: epoll, conns: make([]*conn, connections), idle: newRing(connections)}
	for i := range p.conns {
		fail(p.open(i))
		p.idle.push(i)
	}
	return p
}

func (p *pace) open(slot int) error {
	c, err := dial(p.to)
	if err != nil {
		return err
	}
	p.conns[slot] = c
	if err := syscall.SetNonblock(c.fd, true); err != nil {
		return err
	}
	event := syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(slot)}
	return syscall.EpollCtl(p.epoll, syscall.EPOLL_CTL_ADD, c.fd, &event)
}

func (p *pace) now() int64 { return int64(time.Since(p.started)) }

func (p *pace) run(rate int, lead, length, patience time.Duration) {
	p.started = time.Now()
	p.from = int64(lead)
	end := int64(lead + length)
	interval := float64(time.Second) / float64(rate)
	events := make([]syscall.EpollEvent, len(p.conns))
	due, number := int64(0), 0
	for {
		now := p.now()
		for due <= now && due < end && p.idle.size > 0 {
			p.send(p.idle.pop(), due)
			number++
			due = int64(float64(number) * interval)
		}
		finished := due >= end && p.idle.size == len(p.conns)
		if finished || now > end+int64(patience) {
			break
		}
		wait := int64(10 * time.Millisecond)
		if p.idle.size > 0 && due < end {
			wait = max(due-p.now(), 0)
		}
		for _, event := range events[:p.wait(events, wait)] {
			p.receive(int(event.Fd))
		}
	}
	for _, c := range p.conns {
		if c.busy {
			p.errors++ // without an answer long after the end
		}
	}
	if due < end {
		p.errors++ // not even sent
		fmt.Fprintln(os.Stderr, "load: the server is slower than the rate")
	}
}

// wait blocks the thread itself: there is nothing else for the runtime to do.
func (p *pace) wait(events []syscall.EpollEvent, nanos int64) int {
	timeout := syscall.NsecToTimespec(nanos)
	n, _, errno := syscall.RawSyscall6(epollPwait2, uintptr(p.epoll), uintptr(unsafe.Pointer(&events[0])),
		uintptr(len(events)), uintptr(unsafe.Pointer(&timeout)), 0, 0)
	if errno == syscall.EINTR {
		return 0
	}
	if errno != 0 {
		fail(errno)
	}
	return int(n)
}

func (p *pace) send(slot int, due int64) {
	c := p.conns[slot]
	c.due, c.busy = due, true
	if due >= p.from {
		p.sent++
	}
	if n, err := syscall.Write(c.fd, p.message); err != nil || n != len(p.message) {
		p.lose(slot)
	}
}

func (p *pace) receive(slot int) {
	c := p.conns[slot]
	done, err := c.read()
	if err != nil || (done && !c.busy) {
		p.lose(slot)
		return
	}
	if done {
		if c.due >= p.from {
			p.latencies.record(p.now() - c.due)
		}
		c.busy = false
		p.idle.push(slot)
	}
}

// lose replaces a broken connection; an idle one may be closed by the server, which is no error.
func (p *pace) lose(slot int) {
	c := p.conns[slot]
	if c.busy {
		p.errors++
		p.idle.push(slot)
	}
	c.close()
	fail(p.open(slot))
}

// ring hands connections out in turn, so that all of them are used.
type ring struct {
	slots []int
	first int
	size  int
}

func newRing(capacity int) ring { return ring{slots: make([]int, capacity)} }

func (r *ring) push(slot int) {
	r.slots[(r.first+r.size)%len(r.slots)] = slot
	r.size++
}

func (r *ring) pop() int {
	slot := r.slots[r.first]
	r.first = (r.first + 1) % len(r.slots)
	r.size--
	return slot
}
