namespace Acceleration.Benchmarks;

/// <summary>Lists of evaluated steps that were searched for parabolas over time, on seeds from 1001 on: <c>-- steps --counts 12,16,25 --tries 40 --pictures 4</c>, and two found with ten pictures.</summary>
internal static class SearchedSteps
{
    public static IReadOnlyList<IWhen> All { get; } =
    [
        new AtSteps(0, 2, 5, 6, 7, 9, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 34, 36, 38, 40, 42, 44, 46, 48),
        new AtSteps(0, 2, 6, 9, 12, 15, 18, 21, 25, 27, 31, 34, 37, 40, 43, 46),
        new AtSteps(0, 4, 7, 11, 16, 20, 25, 29, 33, 39, 44, 48),
        new AtSteps(0, 2, 9, 15, 20, 25, 30, 36, 42, 47),
        new AtSteps(0, 3, 11, 18, 26, 34, 41, 47),
    ];
}
