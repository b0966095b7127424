package main

import (
	"context"
	"fmt"
	"io"
	"math/rand"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	piece = 256 << 10 // bytes of a piece of content that arrives whole
	big   = 4 << 20   // bytes of an answer that is not read to its end
)

// soak sends what a gateway meets in a long life, for the given time: most clients ask for little or for a piece of
// content and must get it; others leave in the middle, read at a trickle, or connect and say nothing. It prints
// how many of each there were, and ends with 1 when a request of the first two kinds failed.
func soak(o options) {
	c := crowd{to: o.to, client: &http.Client{
		Timeout:   20 * time.Second,
		Transport: &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true},
	}}
	var all sync.WaitGroup
	end, stop := context.WithTimeout(context.Background(), span(o.seconds))
	defer stop()
	c.send(end, &all, "small", 32, float64(o.rate), c.small)
	c.send(end, &all, "given", 4, 10, c.given)
	c.send(end, &all, "taken", 4, 10, c.taken)
	c.send(end, &all, "aborted", 4, 10, c.abort)
	c.send(end, &all, "trickled", 16, 16, c.trickle)
	c.send(end, &all, "abandoned", 16, 16, c.abandon)
	all.Wait()
	for _, kind := range c.kinds {
		fmt.Printf("%s %d\n", kind.name, kind.count.Load())
	}
	fmt.Printf("failed %d\n", c.failed.Load())
	if c.failed.Load() > 0 {
		os.Exit(1)
	}
}

type crowd struct {
	to     string
	client *http.Client
	kinds  []*kind
	failed atomic.Int64
}

type kind struct {
	name  string
	count atomic.Int64
}

// send lets as many clients as told, in their own time, do something together so often a second.
func (c *crowd) send(end context.Context, all *sync.WaitGroup, name string, clients int, rate float64,
	act func(context.Context) error) {
	k := &kind{name: name}
	c.kinds = append(c.kinds, k)
	interval := span(float64(clients) / rate)
	all.Add(clients)
	for i := 0; i < clients; i++ {
		go func() {
			defer all.Done()
			due := time.Now().Add(time.Duration(rand.Int63n(int64(interval))))
			for sleep(end, time.Until(due)) {
				if err := act(end); err != nil {
					c.note(name, err)
				}
				k.count.Add(1)
				due = due.Add(interval)
				if late := time.Now(); due.Before(late) {
					due = late // what took longer is not made up for
				}
			}
		}()
	}
}

// sleep is false when the end came first.
func sleep(end context.Context, length time.Duration) bool {
	timer := time.NewTimer(length)
	defer timer.Stop()
	select {
	case <-end.Done():
		return false
	case <-timer.C:
		return true
	}
}

func (c *crowd) note(name string, err error) {
	if c.failed.Add(1) <= 10 {
		fmt.Fprintf(os.Stderr, "%s %s: %v\n", time.Now().UTC().Format(time.TimeOnly), name, err)
	}
}

func (c *crowd) small(context.Context) error {
	return c.ask(http.MethodGet, "/bench", 0, 128)
}

func (c *crowd) given(context.Context) error {
	return c.ask(http.MethodGet, fmt.Sprintf("/bytes/%d", piece), 0, piece)
}

func (c *crowd) taken(context.Context) error {
	return c.ask(http.MethodPost, "/take", piece, 128)
}

// ask is content with nothing but 200 and all of the answer.
func (c *crowd) ask(method, path string, content int, expected int64) error {
	request, err := http.NewRequest(method, "http://"+c.to+path, strings.NewReader(strings.Repeat("x", content)))
	if err != nil {
		return err
	}
	answer, err := c.client.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	length, err := io.Copy(io.Discard, answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK || length != expected {
		return fmt.Errorf("%s %s: %d with %d bytes (expected: 200 with %d)",
			method, path, answer.StatusCode, length, expected)
	}
	return nil
}

// abort leaves in the middle of an answer, with a reset.
func (c *crowd) abort(context.Context) error {
	connection := c.start(big)
	if connection == nil {
		return nil
	}
	defer connection.Close()
	_, _ = io.CopyN(io.Discard, connection, 64<<10)
	_ = connection.SetLinger(0)
	return nil
}

// trickle reads 80 KiB a second for up to ten seconds, then leaves.
func (c *crowd) trickle(end context.Context) error {
	connection := c.start(big)
	if connection == nil {
		return nil
	}
	defer connection.Close()
	for i := rand.Intn(100); i >= 0 && sleep(end, 100*time.Millisecond); i-- {
		if _, err := io.CopyN(io.Discard, connection, 8<<10); err != nil {
			break
		}
	}
	return nil
}

// abandon connects, says nothing or half of a request, and leaves some time later.
func (c *crowd) abandon(end context.Context) error {
	connection := c.connect()
	if connection == nil {
		return nil
	}
	defer connection.Close()
	if rand.Intn(2) == 0 {
		_, _ = io.WriteString(connection, "GET /bench HTTP/1.1\r\nHost: exam")
	}
	sleep(end, time.Duration(rand.Int63n(int64(5*time.Second))))
	return nil
}

// start asks for an answer of the given length and leaves its reading to the caller.
func (c *crowd) start(length int) *net.TCPConn {
	connection := c.connect()
	if connection == nil {
		return nil
	}
	if _, err := fmt.Fprintf(connection, "GET /bytes/%d HTTP/1.1\r\nHost: %s\r\n\r\n", length, c.to); err != nil {
		_ = connection.Close()
		return nil
	}
	return connection
}

// connect is nil when the gateway does not take the connection: such clients have no claim.
func (c *crowd) connect() *net.TCPConn {
	connection, err := net.DialTimeout("tcp4", c.to, 5*time.Second)
	if err != nil {
		return nil
	}
	tcp := connection.(*net.TCPConn)
	// A small window, so that what is not read stays with the gateway and not in the kernel.
	_ = tcp.SetReadBuffer(16 << 10)
	_ = tcp.SetDeadline(time.Now().Add(30 * time.Second))
	return tcp
}
