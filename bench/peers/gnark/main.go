// gnark's side of bench-peers: one benchmark a process, so that each row has its own peak memory.
//
//	gnark-peer BENCHMARK LOG2 THREADS REPEAT
//
// BENCHMARK: setup-dense, prove-dense, setup-small, prove-small, msm-full, msm-16, fft, mul. Setup
// leaves its system and keys in the working folder, where prove looks for them.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/consensys/gnark-crypto/ecc"
	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr/fft"
	"github.com/consensys/gnark/backend/groth16"
	"github.com/consensys/gnark/backend/witness"
	"github.com/consensys/gnark/frontend"
	"github.com/consensys/gnark/frontend/cs/r1cs"
	"github.com/consensys/gnark/logger"
)

var log2, threads, repeat int

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "gnark-peer:", err)
		os.Exit(3)
	}
}

func version(module string) string {
	info, _ := debug.ReadBuildInfo()
	for _, m := range info.Deps {
		if m.Path == "github.com/consensys/"+module {
			return m.Version
		}
	}
	return "unknown"
}

func usage() (cpu float64, peak int64) {
	var u syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()).Seconds(), u.Maxrss * 1024
}

// measure prints the row of the fastest of `times` calls.
func measure(benchmark, module string, times int, f func()) {
	var seconds, processor float64
	for i := range times {
		runtime.GC() // of what an earlier call left
		before, _ := usage()
		start := time.Now()
		f()
		wall := time.Since(start).Seconds()
		after, _ := usage()
		if i == 0 || wall < seconds {
			seconds, processor = wall, after-before
		}
	}
	_, peak := usage()
	check(json.NewEncoder(os.Stdout).Encode(map[string]any{
		"benchmark": benchmark, "seconds": seconds, "cpu_seconds": processor,
		"peak_rss_bytes": peak, "log2": log2, "threads": threads, "peer": module,
		"version": version(module),
	}))
}

// word is bench_word of bench/bench.h.
func word(i uint64) uint64 {
	z := (i + 1) * 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func random(n int) fr.Vector {
	v := make(fr.Vector, n)
	for i := range v {
		v[i].MustSetRandom()
	}
	return v
}

// denseCircuit is the dense statement of bench/groth16.c: n products w' = (w + 3)(w + 5) in a row.
type denseCircuit struct {
	First frontend.Variable
	Last  frontend.Variable `gnark:",public"`
}

func denseLength() int { return 1<<log2 - 3 }

func (c *denseCircuit) Define(api frontend.API) error {
	w := c.First
	for range denseLength() {
		w = api.Mul(api.Add(w, 3), api.Add(w, 5))
	}
	api.AssertIsEqual(w, c.Last)
	return nil
}

func denseAssignment() frontend.Circuit {
	w := random(1)[0]
	first := w
	three, five := fr.NewElement(3), fr.NewElement(5)
	for range denseLength() {
		var left, right fr.Element
		left.Add(&w, &three)
		right.Add(&w, &five)
		w.Mul(&left, &right)
	}
	return &denseCircuit{First: first, Last: w}
}

// smallCircuit is the small statement of bench/groth16.c: 16-bit values looked up in a table by
// logarithmic derivatives. gnark's own range checker would take two rows a value instead of one.
type smallCircuit struct {
	Values, Counts []frontend.Variable
	Statement      frontend.Variable
	Public         frontend.Variable `gnark:",public"`
}

func newSmallCircuit() *smallCircuit {
	rows := 1 << log2
	table := min(1<<16, rows/4)
	return &smallCircuit{
		Values: make([]frontend.Variable, rows-table-5),
		Counts: make([]frontend.Variable, table),
	}
}

func (c *smallCircuit) Define(api frontend.API) error {
	api.AssertIsEqual(c.Statement, c.Public)
	committed := append(append([]frontend.Variable{c.Statement}, c.Values...), c.Counts...)
	challenge, err := api.(frontend.Committer).Commit(committed...)
	if err != nil {
		return err
	}
	inverses := make([]frontend.Variable, len(c.Values))
	for i, v := range c.Values {
		inverses[i] = api.DivUnchecked(1, api.Sub(challenge, v))
	}
	shares := make([]frontend.Variable, len(c.Counts))
	for j, count := range c.Counts {
		shares[j] = api.DivUnchecked(count, api.Sub(challenge, j))
	}
	sum := func(v []frontend.Variable) frontend.Variable { return api.Add(v[0], v[1], v[2:]...) }
	api.AssertIsEqual(sum(inverses), sum(shares))
	return nil
}

func smallAssignment() frontend.Circuit {
	c := newSmallCircuit()
	counts := make([]int, len(c.Counts))
	for i := range c.Values {
		v := word(uint64(i)) % uint64(len(counts))
		c.Values[i] = v
		counts[v]++
	}
	for j, count := range counts {
		c.Counts[j] = count
	}
	c.Statement = random(1)[0]
	c.Public = c.Statement
	return c
}

type part struct {
	name  string
	write func(io.Writer) error
	read  func(io.Reader) error
}

// parts are what setup hands to prove. The proving key's dump is gnark's fastest format.
func parts(kind string, system interface {
	io.WriterTo
	io.ReaderFrom
}, pk groth16.ProvingKey, vk groth16.VerifyingKey) []part {
	return []part{
		{"gnark-" + kind + ".r1cs",
			func(w io.Writer) error { _, err := system.WriteTo(w); return err },
			func(r io.Reader) error { _, err := system.ReadFrom(r); return err }},
		{"gnark-" + kind + ".pk", pk.WriteDump, pk.ReadDump},
		{"gnark-" + kind + ".vk",
			func(w io.Writer) error { _, err := vk.WriteTo(w); return err },
			func(r io.Reader) error { _, err := vk.ReadFrom(r); return err }},
	}
}

func setup(kind string, circuit frontend.Circuit) {
	system, err := frontend.Compile(ecc.BN254.ScalarField(), r1cs.NewBuilder, circuit)
	check(err)
	var pk groth16.ProvingKey
	var vk groth16.VerifyingKey
	measure("setup-"+kind, "gnark", 1, func() {
		pk, vk, err = groth16.Setup(system)
		check(err)
	})
	for _, p := range parts(kind, system, pk, vk) {
		f, err := os.Create(p.name)
		check(err)
		check(p.write(f))
		check(f.Close())
	}
}

func prove(kind string, assignment frontend.Circuit) {
	system := groth16.NewCS(ecc.BN254)
	pk, vk := groth16.NewProvingKey(ecc.BN254), groth16.NewVerifyingKey(ecc.BN254)
	for _, p := range parts(kind, system, pk, vk) {
		f, err := os.Open(p.name)
		check(err)
		check(p.read(f))
		check(f.Close())
	}
	full, err := frontend.NewWitness(assignment, ecc.BN254.ScalarField())
	check(err)
	var public witness.Witness
	public, err = full.Public()
	check(err)
	var proof groth16.Proof
	measure("prove-"+kind, "gnark", repeat, func() {
		proof, err = groth16.Prove(system, pk, full)
		check(err)
	})
	measure("verify-"+kind, "gnark", 20*repeat, func() {
		check(groth16.Verify(proof, vk, public))
	})
}

func msm(name string, scalars fr.Vector) {
	multiples := make([]bn254.G1Jac, len(scalars))
	_, _, generator, _ := bn254.Generators()
	multiples[0].FromAffine(&generator)
	for i := 1; i < len(multiples); i++ {
		multiples[i].Set(&multiples[i-1]).AddMixed(&generator)
	}
	points := bn254.BatchJacobianToAffineG1(multiples)
	measure(name, "gnark-crypto", repeat, func() {
		_, err := new(bn254.G1Affine).MultiExp(points, scalars, ecc.MultiExpConfig{NbTasks: threads})
		check(err)
	})
}

func main() {
	if len(os.Args) != 5 {
		check(fmt.Errorf("usage: gnark-peer BENCHMARK LOG2 THREADS REPEAT"))
	}
	for i, p := range []*int{&log2, &threads, &repeat} {
		n, err := strconv.Atoi(os.Args[2+i])
		check(err)
		*p = n
	}
	runtime.GOMAXPROCS(threads)
	logger.Disable()
	switch name := os.Args[1]; name {
	case "setup-dense":
		setup("dense", &denseCircuit{})
	case "prove-dense":
		prove("dense", denseAssignment())
	case "setup-small":
		setup("small", newSmallCircuit())
	case "prove-small":
		prove("small", smallAssignment())
	case "msm-full":
		msm(name, random(1<<log2))
	case "msm-16":
		scalars := make(fr.Vector, 1<<log2)
		for i := range scalars {
			scalars[i].SetUint64(word(uint64(i)) & 0xffff)
		}
		msm(name, scalars)
	case "fft":
		domain, a := fft.NewDomain(1<<log2), random(1<<log2)
		measure(name, "gnark-crypto", repeat, func() {
			domain.FFT(a, fft.DIF, fft.WithNbTasks(threads)) // leaves bit-reversed order, as its prover does
		})
	case "mul":
		a, b := random(1<<log2), random(1<<log2)
		measure(name, "gnark-crypto", repeat, func() {
			for range 1<<21>>log2 + 1 {
				a.Mul(a, b)
			}
		})
	default:
		check(fmt.Errorf("no benchmark %s", strings.TrimSpace(name)))
	}
}
