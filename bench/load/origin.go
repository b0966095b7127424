package main

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
)

const most = 64 << 20 // bytes of one answer

// origin answers /bytes/N with N bytes and everything else with 128, after it has read and dropped the request's
// content. Now and then it closes a connection, with or without saying so before.
func origin(o options) {
	fail(http.ListenAndServe(o.listen, originHandler(o.announce, o.cut)))
}

func originHandler(announce, silent int) http.HandlerFunc {
	content := strings.Repeat("x", 64<<10)
	var answered atomic.Int64
	turn := func(every int) bool { return every > 0 && answered.Load()%int64(every) == 0 }
	return func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return
		}
		length := 128
		if tail, ok := strings.CutPrefix(r.URL.Path, "/bytes/"); ok {
			if n, err := strconv.Atoi(tail); err == nil && n >= 0 && n <= most {
				length = n
			}
		}
		answered.Add(1)
		if turn(announce) {
			w.Header().Set("Connection", "close")
		}
		w.Header().Set("Content-Type", "text/plain")
		w.Header().Set("Content-Length", strconv.Itoa(length))
		for length > 0 {
			n, err := io.WriteString(w, content[:min(length, len(content))])
			if err != nil {
				return
			}
			length -= n
		}
		if turn(silent) {
			cut(w)
		}
	}
}

// cut closes the connection once the answer is on its way.
func cut(w http.ResponseWriter) {
	control := http.NewResponseController(w)
	if control.Flush() != nil {
		return
	}
	if connection, _, err := control.Hijack(); err == nil {
		_ = connection.Close()
	}
}
