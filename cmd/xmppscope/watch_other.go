//go:build !unix

package main

func (e *env) watched() (end func()) { return func() {} }

func watch(string) int { return exitUsage }
