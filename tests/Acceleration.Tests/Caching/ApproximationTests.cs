using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Caching;

/// <summary>A cached site step by step, with decisions, shapes and streams as a test has them.</summary>
public sealed class ApproximationTests : IDisposable
{
    private readonly SiteMap _map = new();
    private readonly RunStore _store = new();
    private readonly StepTrace _trace = new() { Step = StepAt(0) };
    private readonly IDisposable _scope = NewDisposeScope();
    private int _computed;

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float16)]
    public void RowsWithDifferentHistoriesAreContinuedEachAtItsOwnOrder(ScalarType dtype)
    {
        // Row r is computed at these steps; every value is a parabola of the step.
        int[][] steps = [[0, 1, 3], [0, 3], [0], [0, 1, 2]];
        var hook = Begin(new(Where.Network, new BySample((step, sample) => !steps[sample].Contains(step)), new How(Quantity.Output, new Polynomial(2), Abscissa.Step)));
        var rows = RowSet.Of(4, Branch.Conditional);
        Tensor Parabola(int step) => full([4, 1, 2, 2], 3 - (2 * step) + (0.5 * step * step), dtype: dtype);
        Value made = default;

        foreach (var step in Enumerable.Range(0, 6))
        {
            made = Run(hook, step, rows, zeros(4, 1, 2, 2, dtype: dtype), (_, e) => Parabola(step).narrow(0, 0, e.Rows.Count));
        }

        // All are representable in half precision: summed in float32 they come out as they are.
        double[] expected = [3 - 10 + 12.5, 3 + (5.0 / 3 * -1.5), 3, 3 - 10 + 12.5];
        Assert.Equal(dtype, made.Main.dtype);
        Assert.All(expected.Index(), e => Assert.Equal(e.Item, made.Main[e.Index].Floats()[0], 1e-5));
    }

    [Theory]
    [InlineData(Quantity.Output)]
    [InlineData(Quantity.Residual)]
    public void APredictionWithItsOwnRenoiseTermKeepsBoth(Quantity quantity)
    {
        var hook = Begin(new(Where.Prediction, new AtSteps(0), new How(quantity, new Polynomial(0), Abscissa.Step)));
        var rows = RowSet.Of(2, Branch.Guided);
        Value Two(Value x, Evaluation e) => quantity == Quantity.Output ? new(full_like(x.Main, 5), full_like(x.Main, 7)) : new(x.Main + 5, x.Main + 7);

        Run(hook, 0, rows, zeros(2, 1, 2, 2), Two);
        var made = Run(hook, 1, rows, ones(2, 1, 2, 2), Two);

        Assert.Equal(1, _computed);
        var moved = quantity == Quantity.Output ? 0 : 1;
        Assert.All(made.Main.Floats(), v => Assert.Equal(5 + moved, v));
        Assert.All(made.Text!.Floats(), v => Assert.Equal(7 + moved, v));
    }

    [Theory]
    [InlineData(9, ScalarType.Float32)]
    [InlineData(16, ScalarType.BFloat16)]
    public void AnotherShapeOrTypeForgetsAndComputes(long tokens, ScalarType dtype)
    {
        var hook = Begin(new(Where.Network, new AtSteps(0), How.LastResidual));
        var rows = RowSet.Of(2, Branch.Conditional);
        Tensor Input(bool other) => other ? ones(2, tokens, 4, dtype: dtype) : ones(2, 16, 4);

        foreach (var (step, other) in new[] { (0, false), (1, false), (2, true), (3, true), (4, false) })
        {
            var made = Run(hook, step, rows, Input(other), (x, _) => x.Main + 1);
            Assert.Equal(Input(other).shape, made.Main.shape);
            Assert.All(made.Main.Floats(), v => Assert.Equal(2, v));
        }

        // Steps 0, 2 and 4 have nothing of their shape to go by.
        Assert.Equal(3, _computed);
    }

    [Fact]
    public void WhatWasTakenBackIsComputedAgain()
    {
        var hook = Begin(new(Where.Network, new InputOutputDrift(double.PositiveInfinity, 2), How.LastResidual));
        var rows = RowSet.Of(2, Branch.Conditional);
        Value Half(Value x, Evaluation e) => x.Main * 0.5f;
        for (var step = 0; step < 5; step++)
        {
            Run(hook, step, rows, full([2, 1, 2, 2], step), Half);
        }

        Assert.Equal(2, _computed);
        for (var step = 5; step < 9; step++)
        {
            // The oldest goes, whatever it is; what remains must not be used as if it were complete.
            Assert.True(_store.Evict(_store.Bytes - 1) > 0);
            var made = Run(hook, step, rows, full([2, 1, 2, 2], step), Half);
            Assert.Equal(step - 2, _computed);
            Assert.All(made.Main.Floats(), v => Assert.Equal(step * 0.5f, v));
        }

        _store.Evict(0);
        Assert.Equal((0, 0L), (_store.Tensors, _store.Bytes));
        Run(hook, 9, rows, ones(2, 1, 2, 2), Half);
        Assert.Equal(7, _computed);
    }

    public void Dispose()
    {
        _store.Dispose();
        _scope.Dispose();
    }

    private static StepInfo StepAt(int step)
    {
        var grid = Schedule.Through("twelve", [.. Enumerable.Range(0, 13).Select(k => new GridPoint(k, 1, 1))]);
        return new(0, step, 0, grid, grid.Points[step]);
    }

    private HookTable Begin(Cached cached)
    {
        var info = new RunInfo(Toy.Info("hand-made", sites: _map), "none", [StepAt(0).Grid], 1);
        return HookTable.Build(_map, [(cached, cached.Begin(info, _store))]);
    }

    private Value Run(HookTable hooks, int step, RowSet rows, Value input, Func<Value, Evaluation, Value> body)
    {
        var call = new CallContext(hooks, StepAt(step), _trace, [_store], CancellationToken.None);
        var site = rows[0].Branch == Branch.Guided ? _map.Prediction : _map.Network;
        return new Evaluation(call, rows, null).At(site, input, (Test: this, Body: body), static (h, s, e) =>
        {
            s.Test._computed++;
            return s.Body(h, e);
        });
    }
}
