using static TorchSharp.torch;

namespace Acceleration.Tests.Sampling.Schedulers;

public sealed class LogSnrSolverTests
{
    private static readonly ISolver[] All =
        [new DpmSolver(3), new DpmSolver { Algorithm = DpmAlgorithm.StochasticPlusPlus }, new DpmSinglestep(3), new UniPc(3), new Deis(3)];

    private static NoiseTable Table => NoiseTableTests.StableDiffusionTable;

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float64)]
    public void LatentsKeepTheirType(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var grid = MultistepSchedule.Make(Table, 5);
        foreach (var solver in All)
        {
            var end = Loop.Run(grid, solver, Start().to_type(dtype), (x, _) => x * 0.5f, PredictionType.Epsilon, noise: _ => ones_like(Start()).to_type(dtype));
            Assert.Equal(dtype, end.dtype);
        }
    }

    [Fact]
    public void AStepLeavesNothingBehindButItsResultsAndConversions()
    {
        using var scope = NewDisposeScope();
        var grid = MultistepSchedule.Make(Table, 9);
        foreach (var solver in All)
        {
            var state = SolverState.Start(Start());
            for (var k = 0; k < 6; k++)
            {
                var prediction = new Prediction(state.Latents * 0.5f, PredictionType.Epsilon, state.Latents, grid.Points[k]);
                _ = solver.Step(state, grid, k, 0, prediction);
                var before = Tensor.TotalCount;
                var update = solver.Step(state, grid, k, 0, prediction);

                // The mean, a noise scale, and what UniPC corrected.
                Assert.Equal(before + 1 + (update.NoiseScale is null ? 0 : 1) + (solver is UniPc && k > 0 ? 1 : 0), Tensor.TotalCount);
                state = update.Next;
            }
        }
    }

    [Fact]
    public void AnotherLeadingTermChangesTheFirstOrderTermAlone()
    {
        using var scope = NewDisposeScope();
        var grid = MultistepSchedule.Make(Table, 9);
        foreach (var solver in (ISolver[])[new DpmSolver(3), new DpmSolver { Algorithm = DpmAlgorithm.Noise }, new Deis(3), new UniPc(3)])
        {
            var state = SolverState.Start(Start());
            for (var k = 0; k < 4; k++)
            {
                state = Loop.Step(grid, solver, k, state, (x, _) => x * 0.5f, PredictionType.Epsilon, null, null).State;
            }

            var at = grid.Points[4];
            var plain = new Prediction(state.Latents * 0.5f, PredictionType.Epsilon, state.Latents, at);
            var (more, less) = (full_like(state.Latents, 0.1f), full_like(state.Latents, -0.1f * at.Alpha / at.Sigma));
            var mixed = plain.WithLeading(plain.X0 + more, plain.Epsilon + less);
            var (a, b) = (solver.Step(state, grid, 4, 0, plain), solver.Step(state, grid, 4, 0, mixed));
            var first = new Ddim();
            var (c, d) = (first.Step(SolverState.Start(state.Latents), grid, 4, 0, plain), first.Step(SolverState.Start(state.Latents), grid, 4, 0, mixed));
            Loop.Close(d.Mean - c.Mean, b.Mean - a.Mean, 1e-4, solver.Name);

            // What is remembered as a prediction stays as it was.
            var newest = solver is UniPc ? 3 : 0;
            Assert.Equal(Numbers(a.Next.History[newest]), Numbers(b.Next.History[newest]));
        }
    }

    /// <summary>DualFast on UniPC: the leading value stands for the newest prediction in predictor and corrector, in the base term alone or in differences too; older ones and the corrector's new one stay.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void UniPcTakesTheLeadingValueWhereItIsAskedTo(bool inDifferences)
    {
        using var scope = NewDisposeScope();
        var grid = MultistepSchedule.Make(Table, 9);
        var solver = new UniPc();
        var state = SolverState.Start(Start());
        var (x, m) = (new List<Tensor>(), new List<Tensor>());
        var mixed = new List<Tensor>();
        for (var k = 0; k < 4; k++)
        {
            var plain = new Prediction((state.Latents * 0.5f) + (0.1f * k), PredictionType.Sample, state.Latents, grid.Points[k]);
            var prediction = plain.WithLeading(plain.X0 + 0.2f, plain.Epsilon, inDifferences);
            m.Add(plain.X0);
            mixed.Add(prediction.LeadingX0);
            state = solver.Step(state, grid, k, 0, prediction).Next;
            x.Add(state.History[0]);
        }

        // The formulas, at step 3: corrected from step 2, then predicted.
        Loop.Close(Interval(x[2], 2, corrects: true), x[3], 1e-5, "corrector");
        Loop.Close(Interval(x[3], 3, corrects: false), state.Latents, 1e-5, "predictor");

        Tensor Interval(Tensor start, int k, bool corrects)
        {
            var (from, to) = (grid.Points[k], grid.Targets[k]);
            var middle = inDifferences ? mixed[k] : m[k];
            double Lambda(GridPoint p) => Math.Log(p.Alpha) - Math.Log(p.Sigma);
            var h = Lambda(to) - Lambda(from);
            var r = (Lambda(grid.Points[k - 1]) - Lambda(from)) / h;
            var grown = Math.Exp(-h) - 1;
            var (b1, b2) = (((grown / -h) - 1) / grown, ((((grown / -h) - 1) / -h) - 0.5) * 2 / grown);

            // 2 × 2: ρ1 + ρ2 = b1, r·ρ1 + ρ2 = b2.
            var rho1 = corrects ? (b2 - b1) / (r - 1) : 0.5;
            var sum = (m[k - 1] - middle) * (rho1 / r);
            sum = corrects ? sum + ((m[k + 1] - middle) * (b1 - rho1)) : sum;
            return (start * (to.Sigma / from.Sigma)) - (mixed[k] * (to.Alpha * grown)) - (sum * (to.Alpha * grown));
        }
    }

    [Fact]
    public void WhatCannotBeSolvedIsRefusedWhenASamplerIsBuilt()
    {
        using var network = Denoiser.From(Toys.Toy.Info("toy", PredictionType.Epsilon), (x, _, _) => x * 0.5f);
        Refused("step 4 goes from", new DpmSolver(), Schedule.Through("zero", [.. Enumerable.Range(0, 5).Select(k => new GridPoint(5 - k, 1 - (0.2f * k), 0.2f * k)).Reverse(), new(0, 0, 1)]));
        Refused("B(h) = h", new UniPc { Bh1 = true }, MultistepSchedule.Make(Table, 5));
        Refused("orders 1 and 2", new DpmSolver(3) { Algorithm = DpmAlgorithm.StochasticNoise }, MultistepSchedule.Make(Table, 5, endsClean: false));
        Refused("above 0", new DpmSolver { Algorithm = DpmAlgorithm.StochasticNoise }, MultistepSchedule.Make(Table, 5));
        Refused("ln(alpha/sigma)", new Deis(), FlowSchedule.Make(4));
        Refused("ln(alpha/sigma)", new DpmSinglestep(), FlowSchedule.Make(4));

        void Refused(string part, ISolver solver, Schedule grid) =>
            Assert.Contains(part, Assert.Throws<ArgumentException>(() => Sampler.For(network).Solve(solver, grid).Build()).Message);
    }

    [Fact]
    public void BadArgumentsAreRefused()
    {
        using var scope = NewDisposeScope();
        Assert.Throws<ArgumentOutOfRangeException>(() => new DpmSolver(4));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DpmSolver { Order = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new DpmSinglestep(4));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DpmSinglestep { Algorithm = DpmAlgorithm.StochasticNoise });
        Assert.Throws<ArgumentOutOfRangeException>(() => new UniPc(0));
        Assert.Throws<ArgumentException>(() => new UniPc { Uncorrected = [2, 2] });
        Assert.Throws<ArgumentOutOfRangeException>(() => new Deis(4));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MultistepGrid(5) { Shape = SigmaShape.LogLinear });
        Assert.Contains("Fewer steps", Assert.Throws<ArgumentException>(() => MultistepSchedule.Make(Table, 1000)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => MultistepSchedule.Through("x", Table, [1000]));
        Assert.Throws<ArgumentException>(() => MultistepSchedule.Through("x", Table, []));
        Assert.Throws<ArgumentException>(() => MultistepSchedule.Flow("x", [0.5, 0.5]));
        var grid = MultistepSchedule.Make(Table, 5);
        var x = Start();
        Assert.Contains("B(h) = h", Assert.Throws<ArgumentException>(() => new UniPc { Bh1 = true }.Step(SolverState.Start(x), grid, 4, 0, new Prediction(x, PredictionType.Sample, x, grid.Points[4]))).Message);
    }

    [Fact]
    public void SamplersNameThemShortly()
    {
        using var network = Denoiser.From(Toys.Toy.Info("toy", PredictionType.Epsilon), (x, _, _) => x * 0.5f);
        using var flow = Denoiser.From(Toys.Toy.Info("flow"), (x, _, _) => x * 0.5f);
        Assert.Equal("dpm20karras", Sampler.For(network).DpmSolver(20, SigmaShape.Karras).Build().Tag);
        Assert.Equal("dpm,snr10", Sampler.For(network).Solve(new DpmSolver(), new LogSnrGrid(10)).Build().Tag);
        Assert.Equal("unipc20", Sampler.For(network).UniPc(20).Build().Tag);
        Assert.Equal("deis20first", Sampler.For(network).Deis(20).Build().Tag);
        Assert.Equal("dpm-single20", Sampler.For(network).DpmSinglestep(20).Build().Tag);
        Assert.Equal("unipcflow-multi20s3", Sampler.For(flow).UniPc(20, shift: 3).Build().Tag);
        Assert.Equal(SigmaShape.Karras, Assert.IsType<MultistepGrid>(AccelerationPlan.Parse("dpm20karras").Schedule).Shape);
        Assert.Throws<ArgumentException>(() => Sampler.For(network).UniPc(20, shift: 3));
        Assert.Throws<ArgumentException>(() => Sampler.For(flow).DpmSolver(20, SigmaShape.Karras));
    }

    private static Tensor Start() => tensor([1f, -0.5f, 0.25f, 2f]).reshape(1, 1, 2, 2);

    private static IEnumerable<double> Numbers(Tensor x) => x.to_type(ScalarType.Float64).data<double>().ToArray();
}
