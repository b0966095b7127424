// Load for the benchmark, on one thread and with no allocation while it measures.
//
//	load rate -to 127.0.0.1:8080 -rate 20000 -seconds 10   requests at a fixed rate, whatever the answers do
//	load idle -to 127.0.0.1:8080 -connections 10000        connections that stay open until stdin ends
//
// "rate" is an open loop: a latency counts from the moment at which the request was due, not from the one at which
// it could be sent, so a stall of the server is seen by every request that it delayed.
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
	"Cookie: session=0123456789abcdef0123456789abcdef\r\n\r\n"

func request(to string) []byte {
	return []byte("GET /bench HTTP/1.1\r\nHost: " + to + "\r\n" + fields)
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

func main() {
	if len(os.Args) < 2 {
		fail(fmt.Errorf("expected: rate or idle"))
	}
	flags := flag.NewFlagSet(os.Args[1], flag.ExitOnError)
	to := flags.String("to", "", "address of the server, as IPv4:port")
	connections := flags.Int("connections", 64, "connections")
	rate := flags.Int("rate", 5000, "requests per second")
	seconds := flags.Float64("seconds", 10, "length of the measurement")
	lead := flags.Float64("lead", 1, "seconds at the same rate before it that are not recorded")
	fail(flags.Parse(os.Args[2:]))
	debug.SetGCPercent(-1)

	switch os.Args[1] {
	case "rate":
		p := newPace(*to, *connections)
		p.run(*rate, time.Duration(*lead*1e9), time.Duration(*seconds*1e9))
		fmt.Printf("%d\t%d\t%.1f\t%.1f\t%.1f\t%.1f\n", p.sent, p.errors,
			p.latencies.micros(0.5), p.latencies.micros(0.99), p.latencies.micros(0.999), p.latencies.micros(1))
	case "idle":
		idle(*to, *connections)
	default:
		fail(fmt.Errorf("%s (expected: rate or idle)", os.Args[1]))
	}
}

// idle opens the connections, uses each one once, and says when all stand and how many survived the wait.
func idle(to string, count int) {
	message := request(to)
	all := make([]*conn, 0, count)
	for i := 0; i < count; i++ {
		c, err := dial(to)
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
