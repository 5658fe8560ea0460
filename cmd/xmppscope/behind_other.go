//go:build !linux

package main

// behind does nothing where threads have no priorities of their own.
func behind() {}
