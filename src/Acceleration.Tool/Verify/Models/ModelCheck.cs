using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>Golden files that hold a network with its weights: inputs and outputs of one or more cases.</summary>
/// <param name="classes">The classes that are checked.</param>
/// <typeparam name="TModel">What is loaded.</typeparam>
internal abstract class ModelCheck<TModel>(params IReadOnlyList<string> classes) : ICheck
    where TModel : IDisposable
{
    private const double Strict = 1e-5;

    public virtual string Kind => "models";

    public string Knows => string.Join(", ", classes);

    public bool Fits(GoldenFile file) => file.TextOrNull("model_class") is { } name && classes.Contains(name);

    public void Run(GoldenFile file, Findings found, CancellationToken cancellation)
    {
        using var model = Load(file);
        foreach (var stored in StoredCase.Of(file))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var outputs = stored.Outputs;
            foreach (var (output, made) in Run(model, stored))
            {
                if (outputs.Contains(output))
                {
                    Compare(file, found, stored, output, made);
                }
            }

            stored.Arguments.RequireAllRead();
        }
    }

    /// <summary>Loads the network.</summary>
    protected abstract TModel Load(GoldenFile file);

    /// <summary>Computes one case.</summary>
    /// <returns>Results by the names under which they may be stored.</returns>
    protected abstract IEnumerable<(string Output, Tensor Made)> Run(TModel model, StoredCase given);

    /// <summary>The recommended tolerance against the float32 reference, and the stricter one against it or the float64 reference.</summary>
    private static void Compare(GoldenFile file, Findings found, StoredCase stored, string output, Tensor made)
    {
        var (reference, reference64) = (stored.Reference(output), stored.Reference64(output));
        var where = output == "sample" ? $"case {stored.Number}" : $"case {stored.Number}, {output}";
        var near = Findings.Difference(made, reference);
        var exact = reference64 is null ? double.PositiveInfinity : Findings.Difference(made, reference64);
        var strict = Strict * Math.Max(1, Findings.Largest(reference));
        var rounding = reference64 is null ? 0 : 4 * Findings.Difference(reference, reference64);
        found.Add("output", where, near, file.NumberOrNull("recommended_atol") ?? Math.Max(strict, rounding));
        found.Add("output, strict", where, double.IsNaN(near) ? near : Math.Min(near, exact), strict);
    }
}
