package main

import "testing"

func TestBucketsHoldTheirValues(t *testing.T) {
	for _, value := range []int64{0, 1, 127, 128, 129, 255, 256, 257, 1000, 56_000, 1_000_000, 1 << 40} {
		top := upper(bucket(value))
		if top < value || float64(top) > float64(value)*1.01+1 {
			t.Errorf("%d is in a bucket up to %d", value, top)
		}
	}
}

func TestQuantilesOfAnEvenSpread(t *testing.T) {
	var h histogram
	for i := int64(1); i <= 1000; i++ {
		h.record(i * 1000)
	}
	for quantile, want := range map[float64]float64{0.5: 500, 0.99: 990, 1: 1000} {
		if got := h.micros(quantile); got < want || got > want*1.01 {
			t.Errorf("quantile %v: %v (expected: %v)", quantile, got, want)
		}
	}
}
