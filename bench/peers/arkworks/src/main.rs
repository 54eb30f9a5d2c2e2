//! arkworks's side of bench-peers: one benchmark a process, so that each row has its own peak
//! memory.
//!
//!     arkworks-peer BENCHMARK LOG2 THREADS REPEAT
//!
//! BENCHMARK: setup-dense, prove-dense, msm-full, msm-16, fft, mul. Setup leaves its keys in the
//! working folder, where prove looks for them.

use ark_bn254::{Bn254, Fr, G1Projective};
use ark_ec::{scalar_mul::BatchMulPreprocessing, PrimeGroup, VariableBaseMSM};
use ark_ff::{One, PrimeField, UniformRand};
use ark_groth16::{Groth16, ProvingKey};
use ark_poly::{EvaluationDomain, Radix2EvaluationDomain};
use ark_relations::{
    gr1cs::{
        ConstraintSynthesizer, ConstraintSystem, ConstraintSystemRef, LinearCombination, Matrix,
        OptimizationGoal, Result as R1csResult, SynthesisError, SynthesisMode, Variable,
        R1CS_PREDICATE_LABEL,
    },
    lc,
};
use ark_serialize::{CanonicalDeserialize, CanonicalSerialize};
use ark_snark::SNARK;
use ark_std::rand::{rngs::StdRng, SeedableRng};
use std::{
    fs::File,
    io::{BufReader, BufWriter, Write},
    time::Instant,
};

const KEY: &str = "arkworks-dense.pk";

struct Options {
    log2: u32,
    threads: usize,
    repeat: u32,
}

fn usage() -> (f64, i64) {
    let mut u: libc::rusage = unsafe { std::mem::zeroed() };
    assert_eq!(unsafe { libc::getrusage(libc::RUSAGE_SELF, &mut u) }, 0);
    let seconds = |t: libc::timeval| t.tv_sec as f64 + 1e-6 * t.tv_usec as f64;
    (
        seconds(u.ru_utime) + seconds(u.ru_stime),
        u.ru_maxrss * 1024,
    )
}

/// Prints the row of the fastest of `times` calls.
fn measure(o: &Options, benchmark: &str, times: u32, mut f: impl FnMut()) {
    let (mut seconds, mut processor) = (f64::INFINITY, 0.0);
    for _ in 0..times {
        let before = usage().0;
        let start = Instant::now();
        f();
        let wall = start.elapsed().as_secs_f64();
        if wall < seconds {
            (seconds, processor) = (wall, usage().0 - before);
        }
    }
    println!(
        "{{\"benchmark\": \"{benchmark}\", \"seconds\": {seconds:.9}, \"cpu_seconds\": \
         {processor:.9}, \"peak_rss_bytes\": {}, \"log2\": {}, \"threads\": {}, \"peer\": \
         \"arkworks\", \"version\": \"{}\"}}",
        usage().1,
        o.log2,
        o.threads,
        env!("CARGO_PKG_VERSION")
    );
}

fn random(o: &Options) -> Vec<Fr> {
    let mut rng = StdRng::seed_from_u64(1);
    (0..1 << o.log2).map(|_| Fr::rand(&mut rng)).collect()
}

/// The dense statement of bench/groth16.c: n products w' = (w + 3)(w + 5) in a row.
struct Dense {
    n: usize,
}

impl Dense {
    fn new(o: &Options) -> Self {
        Dense {
            n: (1 << o.log2) - 3,
        }
    }

    /// All wires: one, the public result, then the chain.
    fn assign(&self, first: Fr) -> Vec<Fr> {
        let mut wires = Vec::with_capacity(self.n + 3);
        wires.extend([Fr::one(), Fr::one(), first]);
        let mut w = first;
        for _ in 0..self.n {
            w = (w + Fr::from(3u64)) * (w + Fr::from(5u64));
            wires.push(w);
        }
        wires[1] = w;
        wires
    }
}

impl ConstraintSynthesizer<Fr> for Dense {
    fn generate_constraints(self, cs: ConstraintSystemRef<Fr>) -> R1csResult<()> {
        let missing = || Err(SynthesisError::AssignmentMissing);
        let last = cs.new_input_variable(missing)?;
        let mut w = cs.new_witness_variable(missing)?;
        for _ in 0..self.n {
            let next = cs.new_witness_variable(missing)?;
            let plus = |k: u64| LinearCombination::from(w) + (Fr::from(k), Variable::One);
            cs.enforce_r1cs_constraint(|| plus(3), || plus(5), || lc!() + next)?;
            w = next;
        }
        cs.enforce_r1cs_constraint(|| lc!() + w, || lc!() + Variable::One, || lc!() + last)
    }
}

/// Once for all proofs: recording the system anew for each would be slower.
fn matrices(o: &Options) -> Vec<Matrix<Fr>> {
    let cs = ConstraintSystem::new_ref();
    cs.set_optimization_goal(OptimizationGoal::Constraints);
    cs.set_mode(SynthesisMode::Setup);
    Dense::new(o).generate_constraints(cs.clone()).unwrap();
    cs.finalize();
    cs.to_matrices()
        .unwrap()
        .remove(R1CS_PREDICATE_LABEL)
        .unwrap()
}

fn setup(o: &Options) {
    let mut key = None;
    measure(o, "setup-dense", 1, || {
        let mut rng = StdRng::seed_from_u64(2);
        key = Some(
            Groth16::<Bn254>::generate_random_parameters_with_reduction(Dense::new(o), &mut rng)
                .unwrap(),
        );
    });
    let mut file = BufWriter::new(File::create(KEY).unwrap());
    key.unwrap().serialize_uncompressed(&mut file).unwrap();
    file.flush().unwrap();
}

fn prove(o: &Options) {
    let file = BufReader::new(File::open(KEY).unwrap());
    let key = ProvingKey::<Bn254>::deserialize_uncompressed_unchecked(file).unwrap();
    let matrices = matrices(o);
    let (mut rng, first) = (StdRng::seed_from_u64(3), Fr::from(7u64));
    let (mut proof, mut public) = (None, Fr::one());
    measure(o, "prove-dense", o.repeat, || {
        let wires = Dense::new(o).assign(first);
        public = wires[1];
        proof = Some(
            Groth16::<Bn254>::create_proof_with_reduction_and_matrices(
                &key,
                Fr::rand(&mut rng),
                Fr::rand(&mut rng),
                &matrices,
                2,
                matrices[0].len(),
                &wires,
            )
            .unwrap(),
        );
    });
    let (proof, vk) = (
        proof.unwrap(),
        Groth16::<Bn254>::process_vk(&key.vk).unwrap(),
    );
    measure(o, "verify-dense", 20 * o.repeat, || {
        assert!(Groth16::<Bn254>::verify_with_processed_vk(&vk, &[public], &proof).unwrap());
    });
}

fn msm(o: &Options, name: &str, scalars: Vec<Fr>) {
    let bases =
        BatchMulPreprocessing::new(G1Projective::generator(), scalars.len()).batch_mul(&random(o));
    measure(o, name, o.repeat, || {
        let scalars: Vec<_> = scalars.iter().map(|s| s.into_bigint()).collect();
        let _ = std::hint::black_box(G1Projective::msm_bigint(&bases, &scalars));
    });
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let number = |i: usize| args.get(i).and_then(|a| a.parse::<u32>().ok());
    let (Some(log2), Some(threads), Some(repeat)) = (number(2), number(3), number(4)) else {
        eprintln!("usage: arkworks-peer BENCHMARK LOG2 THREADS REPEAT");
        std::process::exit(2);
    };
    let threads = threads as usize;
    let o = &Options {
        log2,
        threads,
        repeat,
    };
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build_global()
        .unwrap();
    match args[1].as_str() {
        "setup-dense" => setup(o),
        "prove-dense" => prove(o),
        "msm-full" => msm(o, "msm-full", random(o)),
        "msm-16" => {
            let small = |s: Fr| Fr::from(s.into_bigint().0[0] & 0xffff);
            msm(o, "msm-16", random(o).into_iter().map(small).collect());
        }
        "fft" => {
            let domain = Radix2EvaluationDomain::<Fr>::new(1 << log2).unwrap();
            let mut a = random(o);
            measure(o, "fft", repeat, || domain.fft_in_place(&mut a));
        }
        "mul" => {
            let (mut a, b) = (random(o), random(o));
            measure(o, "mul", repeat, || {
                for _ in 0..(1 << 21 >> log2) + 1 {
                    a.iter_mut().zip(&b).for_each(|(a, b)| *a *= b);
                }
            });
        }
        name => {
            eprintln!("arkworks-peer: no benchmark {name}");
            std::process::exit(2);
        }
    }
}
