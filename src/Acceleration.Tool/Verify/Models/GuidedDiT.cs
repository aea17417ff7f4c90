using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>forward_with_cfg of the original DiT release, made of the library's guidance.</summary>
internal static class GuidedDiT
{
    /// <summary>The channels that the release guides.</summary>
    private const int GuidedChannels = 3;

    /// <summary>
    /// The latents of the first half serve both halves, the labels of the second half are the unconditional ones; both halves are given the guided channels, and
    /// each keeps its other ones.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="x">Latents, [2·samples, channels, height, width].</param>
    /// <param name="t">Time of each row.</param>
    /// <param name="y">Label of each row.</param>
    /// <param name="scale">Guidance scale.</param>
    public static Tensor Compute(DiT network, Tensor x, Tensor t, Tensor y, double scale)
    {
        var samples = (int)x.size(0) / 2;
        if (x.size(0) != 2 * samples)
        {
            throw new NotKnownException($"guidance needs an even number of rows, and there are {x.size(0)}.");
        }

        var latents = x.narrow(0, 0, samples);
        using var scope = NewDisposeScope();
        var time = t.to(ScalarType.Float32);
        Tensor? raw = null;
        Tensor? guided = null;
        using var timed = Denoiser.From(network.Info, (z, _, condition, e) =>
        {
            // A sampler tells all rows one time; here each has its own.
            var rows = stack([.. e.Rows.Select(r => time[(r.Branch * samples) + r.Sample])], 0);
            var output = network.Predict(z, rows, condition, e);
            long[] order = [.. Enumerable.Range(0, e.Rows.Count).OrderBy(i => e.Rows[i].Branch).ThenBy(i => e.Rows[i].Sample).Select(i => (long)i)];
            Kept(ref raw, output.index_select(0, tensor(order, device: output.device)));
            return output;
        });
        var solver = new RecordedSolver(latents.unsqueeze(0), (_, now) => Kept(ref guided, now.Output.clone()));
        using var labels = new Conditioning(samples, ("labels", y.narrow(0, 0, samples).to(ScalarType.Int64)));
        using var none = new Conditioning(samples, ("labels", y.narrow(0, samples, samples).to(ScalarType.Int64)));
        var sampler = Sampler.For(timed).Solve(solver, solver.Grid).Use(new ClassifierFreeGuidance(scale, GuidedChannels)).Build();
        using (sampler.Generate(new() { Condition = labels, Negative = none, Latents = latents }))
        using (raw)
        using (guided)
        {
            // At a scale of 1 the unconditional half is not evaluated, but the reference returns its other channels.
            var whole = raw!.size(0) == 2 * samples ? raw : cat([raw, DiTCheck.Predict(network, latents, t.narrow(0, samples, samples), y.narrow(0, samples, samples))], 0);
            var first = guided!.narrow(1, 0, Math.Min(GuidedChannels, guided.size(1)));
            var rest = whole.narrow(1, first.size(1), whole.size(1) - first.size(1));
            return cat([cat([first, first], 0), rest], 1).MoveToOuterDisposeScope();
        }
    }

    private static void Kept(ref Tensor? kept, Tensor value) => kept = value.DetachFromDisposeScope();
}
