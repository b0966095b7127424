package main

import "testing"

func TestSteadySpeedIsThatOfTheLastFifth(t *testing.T) {
	buckets, steady := nineTenths([]int{10, 40, 80, 89, 91, 95, 102, 99, 100, 102})
	if steady != 101 || buckets != 5 {
		t.Errorf("%d buckets to nine tenths of %v (expected: 5, 101)", buckets, steady)
	}
}
