using System.Text.Json;
using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>Outputs of a DiT with weights of its own, in either layout.</summary>
internal sealed class DiTCheck : ICheck
{
    private const double Strict = 1e-5;

    private static readonly Dictionary<string, DiTInputs> Classes = new()
    {
        ["DiT"] = new("x", "t", "y"),
        ["DiTTransformer2DModel"] = new("hidden_states", "timestep", "class_labels"),
    };

    public string Kind => "models";

    public string Knows => $"{string.Join(", ", Classes.Keys)}";

    public bool Fits(GoldenFile file) => file.TextOrNull("model_class") is { } name && Classes.ContainsKey(name);

    public void Run(GoldenFile file, Findings found, CancellationToken cancellation)
    {
        var names = Classes[file.Text("model_class")];
        using var network = DiT.Load(file.Path);
        var cases = file.TextOrNull("cases") is null ? [default] : file.Json("cases").Deserialize<JsonElement[]>()!;
        for (var i = 0; i < cases.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var suffix = i == 0 ? "" : $"{i + 1}";
            var arguments = cases[i].ValueKind == JsonValueKind.Undefined ? file.Config("no arguments") : new StoredConfig($"case {i + 1}", cases[i]);
            var scale = arguments.Get<double?>("cfg_scale", null);
            arguments.RequireAllRead();
            var output = scale is null ? "sample" : "cfg";
            var (x, t, y) = (file.Read($"input{suffix}.{names.Latents}"), file.Read($"input{suffix}.{names.Time}"), file.Read($"input{suffix}.{names.Labels}"));
            var made = scale is { } s ? GuidedDiT.Compute(network, x, t, y, s) : Predict(network, x, t, y);
            Compare(file, found, i + 1, made, file.Read($"output{suffix}.{output}"), file.ReadOrNull($"output64{suffix}.{output}"));
        }
    }

    /// <summary>One call of the network, each row for itself.</summary>
    public static Tensor Predict(DiT network, Tensor x, Tensor t, Tensor y)
    {
        var rows = (int)x.size(0);
        using var labels = new Conditioning(rows, ("labels", y.to(ScalarType.Int64)));
        return network.Predict(x.to(network.Info.DType), t.to(ScalarType.Float32), labels, Evaluation.Plain(rows));
    }

    /// <summary>The recommended tolerance against the float32 reference, and the stricter one against it or the float64 reference.</summary>
    private static void Compare(GoldenFile file, Findings found, int number, Tensor made, Tensor reference, Tensor? reference64)
    {
        var near = Findings.Difference(made, reference);
        var exact = reference64 is null ? double.PositiveInfinity : Findings.Difference(made, reference64);
        var strict = Strict * Math.Max(1, Findings.Largest(reference));
        var rounding = reference64 is null ? 0 : 4 * Findings.Difference(reference, reference64);
        found.Add("output", $"case {number}", near, file.NumberOrNull("recommended_atol") ?? Math.Max(strict, rounding));
        found.Add("output, strict", $"case {number}", double.IsNaN(near) ? near : Math.Min(near, exact), strict);
    }
}
