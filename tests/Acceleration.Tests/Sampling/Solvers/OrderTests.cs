using static TorchSharp.torch;

namespace Acceleration.Tests.Sampling.Solvers;

/// <summary>Every solver without noise converges with the order it claims.</summary>
public sealed class OrderTests
{
    /// <summary>Solvers that draw noise by design, or follow no trajectory.</summary>
    private static readonly Type[] WithoutOrder = [typeof(Ddpm), typeof(Lcm), typeof(EulerAncestral)];

    public static TheoryData<string> Cases => [.. OrderCase.All.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void ErrorsFallWithThePowerOfTheStep(string name)
    {
        using var scope = NewDisposeScope();
        var data = new GaussianData();
        var of = OrderCase.All[name];
        double[] logs = [.. new[] { 1, 2, 4 }.Select(f => Math.Log2(data.Error(of.Solver, of.Grid(of.Steps * f), of.Type, of.Exact)))];

        // Of three points at equal distances the middle one does not count for the slope.
        var slope = (logs[0] - logs[2]) / 2;
        Assert.True(Math.Abs(slope - of.Order) <= 0.2, FormattableString.Invariant($"{name}: order {slope:F3}, not {of.Order}; errors 2^{logs[0]:F2}, 2^{logs[1]:F2}, 2^{logs[2]:F2}"));
    }

    [Fact]
    public void NoSolverIsForgotten()
    {
        var solvers = typeof(ISolver).Assembly.GetExportedTypes().Where(t => t.IsAssignableTo(typeof(ISolver)) && !t.IsAbstract).Except(WithoutOrder);
        var held = OrderCase.All.Values.Select(c => c.Solver.GetType()).ToHashSet();
        Assert.Empty(solvers.Where(s => !held.Contains(s)).Select(s => s.Name));
    }
}
