using System.Collections.Immutable;
using static TorchSharp.torch;

namespace Acceleration;

/// <summary>The direction of a step from the newest one and up to three before it, for equal steps (Adams and Bashforth).</summary>
internal static class AdamsBashforth
{
    /// <summary>Directions before the newest one that the highest order takes.</summary>
    public const int MostOlder = 3;

    /// <summary>Why solvers of these directions take no bounds.</summary>
    public const string Unbounded = "it combines predictions of the noise, which bounds on clean samples do not reach; Ddim and DpmSolver take them.";

    private static readonly double[][] Weights =
    [
        [1],
        [3.0 / 2, -1.0 / 2],
        [23.0 / 12, -16.0 / 12, 5.0 / 12],
        [55.0 / 24, -59.0 / 24, 37.0 / 24, -9.0 / 24],
    ];

    /// <param name="newest">The newest direction.</param>
    /// <param name="older">Those before it, newest first; of order 1 + their number, 4 at most.</param>
    public static Tensor Direction(Tensor newest, ImmutableArray<Tensor> older)
    {
        var weights = Weights[Math.Min(older.Length, MostOlder)];
        if (weights.Length == 1)
        {
            return newest;
        }

        var sum = newest.Times(weights[0]);
        for (var i = 1; i < weights.Length; i++)
        {
            sum = sum.Plus(older[i - 1].Times(weights[i]));
        }

        return sum;
    }

    /// <summary>The history after a step.</summary>
    public static ImmutableArray<Tensor> Push(Tensor newest, ImmutableArray<Tensor> older) => [newest, .. older.Take(MostOlder - 1)];
}
