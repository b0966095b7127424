package main

import "math/bits"

const subBits = 7 // buckets are at most 1/128 of their value wide

// histogram counts nanoseconds in buckets whose width grows with the value.
type histogram struct {
	counts [(64 - subBits + 1) << subBits]int
	total  int
}

func bucket(value int64) int {
	if value < 1<<subBits {
		return int(max(value, 0))
	}
	shift := bits.Len64(uint64(value)) - 1 - subBits
	return (shift+1)<<subBits + int(value>>shift) - 1<<subBits
}

// upper is the largest value of a bucket.
func upper(index int) int64 {
	if index < 1<<subBits {
		return int64(index)
	}
	shift := index>>subBits - 1
	return (int64(index&(1<<subBits-1))+1<<subBits+1)<<shift - 1
}

func (h *histogram) record(value int64) {
	h.counts[bucket(value)]++
	h.total++
}

func (h *histogram) micros(quantile float64) float64 {
	left := int(quantile*float64(h.total)+0.5) - 1
	for i, count := range h.counts {
		left -= count
		if left < 0 && count > 0 {
			return float64(upper(i)) / 1000
		}
	}
	return 0
}
