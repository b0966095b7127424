package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestOriginTakesAndGivesContent(t *testing.T) {
	server := httptest.NewServer(originHandler(0, 0))
	defer server.Close()
	for path, want := range map[string]int64{"/bench": 128, "/bytes/300000": 300000, "/bytes/none": 128} {
		answer, err := http.Post(server.URL+path, "text/plain", strings.NewReader(strings.Repeat("x", 100_000)))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.Copy(io.Discard, answer.Body); err != nil || got != want {
			t.Errorf("%s: %d bytes, %v (expected: %d)", path, got, err, want)
		}
		answer.Body.Close()
	}
}

func TestOriginSaysThatItCloses(t *testing.T) {
	server := httptest.NewServer(originHandler(2, 0))
	defer server.Close()
	for _, want := range []bool{false, true, false} {
		answer, err := http.Get(server.URL)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, answer.Body)
		answer.Body.Close()
		if answer.Close != want {
			t.Errorf("closes: %v (expected: %v)", answer.Close, want)
		}
	}
}

func TestOriginClosesWithoutAWordAfterAWholeAnswer(t *testing.T) {
	server := httptest.NewServer(originHandler(0, 1))
	defer server.Close()
	answer, err := http.Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if got, err := io.Copy(io.Discard, answer.Body); err != nil || got != 128 || answer.Close {
		t.Errorf("%d bytes, %v, closes: %v (expected: 128, nil, false)", got, err, answer.Close)
	}
}
