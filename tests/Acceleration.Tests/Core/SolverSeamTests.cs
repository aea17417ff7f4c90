using System.Globalization;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Core;

/// <summary>Between prediction and latents: conversion and update hooks, another prediction for re-noising, solvers of several calls.</summary>
public sealed class SolverSeamTests : CoreTest
{
    /// <summary>ᾱ = 0.36 → 0.64 → 1.</summary>
    private static readonly Schedule Grid = Schedule.Through("toy", [new(600, 0.6f, 0.8f), new(300, 0.8f, 0.6f), new(0, 1, 0)]);

    private static (float[] First, float[] Last, Trace Trace) Run(IDenoiser net, ISolver solver, Schedule grid, params IStrategy[] strategies)
    {
        var request = Toy.Request();
        using var condition = request.Condition;
        using var session = strategies.Aggregate(Sampler.For(net).Solve(solver, grid), (b, s) => b.Use(s)).Build().Start(request);
        var first = session.Latents.Floats();
        session.RunToEnd(cancellation: TestContext.Current.CancellationToken);
        return (first, session.Latents.Floats(), session.Trace);
    }

    [Fact]
    public void AnUpdateHookShiftsTheMean()
    {
        using var net = Toy.Constant(0);
        var (first, last, _) = Run(net, new FlowEuler(), FlowSchedule.FromSigmas([1, 0.5]), new Probe("shift") { Start = (_, _) => new Shift() });
        Near([.. first.Select(x => x + 3)], last);
    }

    [Fact]
    public void AConversionHookChangesTheLeadingTermAlone()
    {
        using var net = Toy.Constant(0.5, PredictionType.Epsilon);
        var seen = new List<float>();
        // Leading term x0 = 1, epsilon = 0: the last step of DDIM arrives at x0.
        var (first, last, _) = Run(net, new Ddim(), Grid, new Probe("ones") { Start = (_, _) => new Ones(seen) });
        Assert.All(last, v => Assert.Equal(1, v));
        // What enters history is the network's own.
        Assert.Equal((first[0] - (0.5f * 0.8f)) / 0.6f, seen[0], 1e-5f);
    }

    [Fact]
    public void GuidanceMayNoiseAgainWithAnotherPrediction()
    {
        using var net = Toy.Affine(0, 0.5, type: PredictionType.Epsilon);
        var (first, last, _) = Run(net, new Ddim(), Grid, new Probe("renoise") { Needs = new() { CombinesBranches = true }, Start = (_, _) => new Renoise() });
        // x0 with epsilon 0.5 is taken along alpha, noise of epsilon 0.25 along sigma.
        var expected = first.Select(x =>
        {
            var y = ((x - (0.5f * 0.8f)) / 0.6f * 0.8f) + (0.25f * 0.6f);
            return (y - (0.5f * 0.6f)) / 0.8f;
        });
        Near([.. expected], last);
    }

    [Fact]
    public void CallsOfAStepAreToldAndRememberedApart()
    {
        using var net = Toy.LinearInTime(0, 2);
        var log = new List<string>();
        var watching = new Probe("watching")
        {
            Needs = new() { Sites = [new(Where.Network, HookPhase.Cache)] },
            Start = (_, store) => new Probe.SiteRun(
                (call, h, next) =>
                {
                    log.Add(string.Create(CultureInfo.InvariantCulture, $"{call.Step.Index}.{call.Step.Call} at {call.Step.At.Time} depth {store.Depth(call.Key("h"), call.Rows[0])}"));
                    store.Push(call.Key("h"), call.Rows, h.Main, keep: 9);
                    return next.Invoke(h);
                },
                store),
        };
        var (first, last, trace) = Run(net, new Trapezoid(), FlowSchedule.FromSigmas([1, 0.5]), watching);
        Assert.Equal(["0.0 at 1000 depth 0", "0.1 at 500 depth 0", "1.0 at 500 depth 1", "1.1 at 0 depth 1"], log);
        // dx/dσ = 2σ from 1 to 0, which the trapezoid rule integrates exactly.
        Near([.. first.Select(x => x - 1)], last);
        Assert.Equal((4, 4), (trace.Evaluations, trace.FullEvaluations));
        Assert.Equal(trace.FullMultiplyAdds, trace.MultiplyAdds);
    }

    private sealed class Shift : Run, IUpdateHook
    {
        public Tensor Mean(StepInfo step, Tensor mean, Tensor? noiseScale) => mean + (step.Index + 1);
    }

    private sealed class Ones(List<float> seen) : Run, IConvertHook
    {
        public Prediction Convert(StepInfo step, Prediction prediction)
        {
            var changed = prediction.WithLeading(ones_like(prediction.X), zeros_like(prediction.X));
            seen.Add(changed.X0.flatten()[0].item<float>());
            return changed;
        }
    }

    private sealed class Renoise : Run, ICombiner
    {
        public IReadOnlyList<int> Branches(StepInfo step) => [Branch.Conditional];

        public Value Combine(StepInfo step, BranchOutputs outputs) => new(outputs[Branch.Conditional].alias(), outputs[Branch.Conditional] * 0.5);
    }

    /// <summary>x' = x + (σ' − σ)·(v(σ) + v(σ'))/2: the first call goes to the end of the step, the second averages.</summary>
    private sealed class Trapezoid : ISolver
    {
        public string Name => "trapezoid";

        public int Calls(Schedule grid, int step) => 2;

        public SolverInput Input(in SolverState state, Schedule grid, int step, int call) =>
            new(state.Latents, state.Latents, call == 0 ? grid.Points[step] : grid.Targets[step]);

        public SolverUpdate Step(in SolverState state, Schedule grid, int step, int call, Prediction now)
        {
            var width = grid.Targets[step].Sigma - grid.Points[step].Sigma;
            if (call == 0)
            {
                return new(state.Latents + (now.Output * width), null, new(state.Latents, [state.Latents, now.Output.alias()]));
            }

            return new(state.History[0] + ((state.History[1] + now.Output) * (width / 2)), null, new(state.Latents, []));
        }
    }
}
