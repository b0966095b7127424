// Load for the benchmark and the soak test.
//
//	load rate      -to 127.0.0.1:8080 -rate 20000 -seconds 10   requests at a fixed rate, whatever the answers do
//	load ramp      -to 127.0.0.1:8080 -seconds 25               how long a fresh server takes to its full speed
//	load handshake -to 127.0.0.1:8443 -seconds 10               a TLS 1.3 connection for each request
//	load idle      -to 127.0.0.1:8080 -connections 10000        connections that stay open until stdin ends
//	load origin    -listen 127.0.0.1:9000                       an origin server that takes and gives content
//	load soak      -to 127.0.0.1:8080 -seconds 600              clients of every temper; see soak.go
//
// "rate" is an open loop: a latency counts from the moment at which the request was due, not from the one at which
// it could be sent, so a stall of the server is seen by every request that it delayed. It, "ramp" and "idle" work on
// one thread and allocate nothing while they measure.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"time"
)

// The fields a browser sends.
const fields = "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n" +
	"Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n" +
	"Accept-Language: en-GB,en;q=0.5\r\n" +
	"Accept-Encoding: gzip, deflate, br\r\n" +
	"Cookie: session=0123456789abcdef0123456789abcdef\r\n"

func request(to string) []byte {
	return []byte("GET /bench HTTP/1.1\r\nHost: " + to + "\r\n" + fields + "\r\n")
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

// What can be said on the command line; a command reads what concerns it.
type options struct {
	to, listen             string
	connections, rate      int
	announce, cut          int
	seconds, lead          float64
	wait, patience, bucket float64
}

func parse(args []string) options {
	var o options
	flags := flag.NewFlagSet(args[0], flag.ExitOnError)
	flags.StringVar(&o.to, "to", "", "address of the server, as IPv4:port")
	flags.StringVar(&o.listen, "listen", "", "address to listen on, as IPv4:port")
	flags.IntVar(&o.connections, "connections", 64, "connections")
	flags.IntVar(&o.rate, "rate", 5000, "requests per second")
	flags.IntVar(&o.announce, "announce", 0, "close a connection politely with every such answer; 0: never")
	flags.IntVar(&o.cut, "cut", 0, "close a connection without a word after every such answer; 0: never")
	flags.Float64Var(&o.seconds, "seconds", 10, "length of the measurement")
	flags.Float64Var(&o.lead, "lead", 1, "seconds at the same rate before it that are not recorded")
	flags.Float64Var(&o.wait, "wait", 0, "seconds in which the server may start; it is measured from its first answer")
	flags.Float64Var(&o.patience, "patience", 2, "seconds after the end in which answers may still come")
	flags.Float64Var(&o.bucket, "bucket", 0.5, "seconds over which speed is looked at")
	fail(flags.Parse(args[1:]))
	return o
}

func span(seconds float64) time.Duration { return time.Duration(seconds * 1e9) }

func main() {
	commands := map[string]func(options){
		"rate": rate, "ramp": ramp, "handshake": handshake, "idle": idle, "origin": origin, "soak": soak,
	}
	if len(os.Args) < 2 || commands[os.Args[1]] == nil {
		fail(fmt.Errorf("expected: rate, ramp, handshake, idle, origin or soak"))
	}
	commands[os.Args[1]](parse(os.Args[1:]))
}

// rate prints requests, errors, and the latencies p50, p99, p99.9 and the longest one, in microseconds.
func rate(o options) {
	debug.SetGCPercent(-1)
	awaitAnswer(o.to, span(o.wait))
	p := newPace(o.to, o.connections)
	p.run(o.rate, span(o.lead), span(o.seconds), span(o.patience))
	fmt.Printf("%d\t%d\t%.1f\t%.1f\t%.1f\t%.1f\n", p.sent, p.errors,
		p.latencies.micros(0.5), p.latencies.micros(0.99), p.latencies.micros(0.999), p.latencies.micros(1))
}

// idle opens the connections, uses each one once, and says when all stand and how many survived the wait.
func idle(o options) {
	debug.SetGCPercent(-1)
	message := request(o.to)
	all := make([]*conn, 0, o.connections)
	for i := 0; i < o.connections; i++ {
		c, err := dial(o.to)
		fail(err)
		fail(c.exchange(message))
		all = append(all, c)
	}
	fmt.Println("open", len(all))
	_, _ = io.Copy(io.Discard, bufio.NewReader(os.Stdin))
	alive := 0
	for _, c := range all {
		if c.quiet() {
			alive++
		}
	}
	fmt.Println("alive", alive)
}

// awaitAnswer returns with the first answer of a server that is just starting.
func awaitAnswer(to string, limit time.Duration) {
	message := request(to)
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		c, err := dial(to)
		if err != nil {
			continue
		}
		err = c.exchange(message)
		c.close()
		if err == nil {
			return
		}
	}
}
