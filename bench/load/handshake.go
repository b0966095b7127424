package main

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// handshake opens a TLS connection for each request, as often as the given number at once allows, and prints
// connections, microseconds and errors. No session is resumed: there is nowhere to keep one.
func handshake(o options) {
	config := &tls.Config{
		InsecureSkipVerify: true, // a certificate that was made a minute ago, on loopback
		MinVersion:         tls.VersionTLS13,
		CurvePreferences:   []tls.CurveID{tls.X25519},
		ServerName:         "bench.example",
	}
	message := []byte("GET /bench HTTP/1.1\r\nHost: bench.example\r\n" + fields + "Connection: close\r\n\r\n")
	var done, errs atomic.Int64
	var all sync.WaitGroup
	started := time.Now()
	end := started.Add(span(o.seconds))
	all.Add(o.connections)
	for i := 0; i < o.connections; i++ {
		go func() {
			defer all.Done()
			for time.Now().Before(end) {
				if err := visit(o.to, config, message); err != nil {
					errs.Add(1)
				} else {
					done.Add(1)
				}
			}
		}()
	}
	all.Wait()
	fmt.Printf("%d\t%d\t%d\n", done.Load(), time.Since(started).Microseconds(), errs.Load())
}

func visit(to string, config *tls.Config, message []byte) error {
	raw, err := net.DialTimeout("tcp4", to, 5*time.Second)
	if err != nil {
		return err
	}
	defer raw.Close()
	if err := raw.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		return err
	}
	secure := tls.Client(raw, config)
	if _, err := secure.Write(message); err != nil {
		return err
	}
	answer, err := http.ReadResponse(bufio.NewReader(secure), nil)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return errors.New(answer.Status)
	}
	_, err = io.Copy(io.Discard, answer.Body)
	return err
}
