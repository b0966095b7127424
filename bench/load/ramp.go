package main

import (
	"fmt"
	"runtime/debug"
	"slices"
	"syscall"
	"time"
)

// ramp sends as many requests as the connections carry, from the first answer of the server on. It prints how many
// seconds passed before a bucket reached nine tenths of the steady speed, and that speed: the median of the last fifth.
func ramp(o options) {
	debug.SetGCPercent(-1)
	counts := make([]int, int(o.seconds/o.bucket))
	awaitAnswer(o.to, span(o.wait))
	p := newPace(o.to, o.connections)
	p.fill(counts, span(o.bucket))
	buckets, steady := nineTenths(counts)
	fmt.Printf("%.1f\t%.0f\t%d\n", float64(buckets)*o.bucket, steady/o.bucket, p.errors)
}

// nineTenths says how many buckets it took to nine tenths of the steady speed, and that speed.
func nineTenths(counts []int) (int, float64) {
	steady := median(counts[len(counts)*4/5:])
	return 1 + slices.IndexFunc(counts, func(count int) bool { return float64(count) >= 0.9*steady }), steady
}

// fill counts the answers of each bucket; every answer is followed by the next request on its connection.
func (p *pace) fill(counts []int, bucket time.Duration) {
	p.started = time.Now()
	events := make([]syscall.EpollEvent, len(p.conns))
	end := int64(bucket) * int64(len(counts))
	for {
		for p.idle.size > 0 {
			p.send(p.idle.pop(), p.now())
		}
		ready := p.wait(events, int64(10*time.Millisecond))
		now := p.now()
		if now >= end {
			return
		}
		before := p.latencies.total
		for _, event := range events[:ready] {
			p.receive(int(event.Fd))
		}
		counts[now/int64(bucket)] += p.latencies.total - before
	}
}

func median(values []int) float64 {
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	middle := len(sorted) / 2
	if len(sorted)%2 == 0 {
		return float64(sorted[middle-1]+sorted[middle]) / 2
	}
	return float64(sorted[middle])
}
