package main

import (
	"bytes"
	"errors"
	"net"
	"syscall"
)

// conn is one HTTP/1.1 connection with at most one request on it.
type conn struct {
	fd     int
	due    int64 // when its request should have been sent
	busy   bool
	filled int
	buffer [4096]byte
}

func dial(to string) (*conn, error) {
	address, err := net.ResolveTCPAddr("tcp4", to)
	if err != nil {
		return nil, err
	}
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	peer := syscall.SockaddrInet4{Port: address.Port}
	copy(peer.Addr[:], address.IP.To4())
	if err := syscall.Connect(fd, &peer); err != nil {
		_ = syscall.Close(fd)
		return nil, err
	}
	if err := syscall.SetsockoptInt(fd, syscall.IPPROTO_TCP, syscall.TCP_NODELAY, 1); err != nil {
		_ = syscall.Close(fd)
		return nil, err
	}
	return &conn{fd: fd}, nil
}

var (
	errAnswer = errors.New("unexpected answer")
	errClosed = errors.New("connection closed")
	endOfHead = []byte("\r\n\r\n")
	okStatus  = []byte("HTTP/1.1 200")
)

// read takes what has arrived; true when the answer is complete.
func (c *conn) read() (bool, error) {
	n, err := syscall.Read(c.fd, c.buffer[c.filled:])
	if err == syscall.EAGAIN || err == syscall.EINTR {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if n == 0 {
		return false, errClosed
	}
	c.filled += n
	head := bytes.Index(c.buffer[:c.filled], endOfHead)
	if head < 0 {
		if c.filled == len(c.buffer) {
			return false, errAnswer
		}
		return false, nil
	}
	length := contentLength(c.buffer[:head+2])
	total := head + len(endOfHead) + length
	if length < 0 || total > len(c.buffer) || c.filled > total || !bytes.HasPrefix(c.buffer[:head], okStatus) {
		return false, errAnswer
	}
	if c.filled < total {
		return false, nil
	}
	c.filled = 0
	return true, nil
}

// contentLength is -1 when the head does not tell it.
func contentLength(head []byte) int {
	for len(head) > 0 {
		end := bytes.IndexByte(head, '\n')
		if end < 0 {
			return -1
		}
		line := head[:end]
		head = head[end+1:]
		if len(line) > 15 && line[14] == ':' && bytes.EqualFold(line[:14], []byte("content-length")) {
			value := 0
			for _, digit := range bytes.TrimSpace(line[15:]) {
				if digit < '0' || digit > '9' || value > 1<<30 {
					return -1
				}
				value = value*10 + int(digit-'0')
			}
			return value
		}
	}
	return -1
}

// exchange sends a request on a blocking socket and waits for its answer.
func (c *conn) exchange(message []byte) error {
	if _, err := syscall.Write(c.fd, message); err != nil {
		return err
	}
	for {
		done, err := c.read()
		if done || err != nil {
			return err
		}
	}
}

// quiet is true while the peer has neither closed the connection nor sent anything.
func (c *conn) quiet() bool {
	_, _, err := syscall.Recvfrom(c.fd, c.buffer[:1], syscall.MSG_DONTWAIT|syscall.MSG_PEEK)
	return err == syscall.EAGAIN
}

func (c *conn) close() { _ = syscall.Close(c.fd) }
