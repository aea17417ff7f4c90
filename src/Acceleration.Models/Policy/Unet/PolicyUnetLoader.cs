using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Makes the layers of a ConditionalUnet1D from a checkpoint.</summary>
internal sealed class PolicyUnetLoader
{
    private const string Mark = "diffusion_step_encoder.1.weight";
    private const double Epsilon = 1e-5;
    private const int Resampling = 3;
    private const int Doubling = 4;

    private readonly WeightMap _weights;
    private readonly PolicyUnetConfig _config;
    private readonly NetworkOptions _options;
    private readonly Sinusoids _sinusoids;
    private readonly List<Linear> _modulations = [];
    private long _parts;

    private PolicyUnetLoader(WeightMap weights, PolicyUnetConfig config, NetworkOptions options, Sinusoids sinusoids) =>
        (_weights, _config, _options, _sinusoids) = (weights, config, options, sinusoids);

    public static PolicyUnetNetwork Load(ICheckpoint file, NetworkOptions options)
    {
        options.Checked();
        var first = file.Names.FirstOrDefault(n => n.EndsWith(Mark, StringComparison.Ordinal))
            ?? throw new CheckpointException(file.FilePath, null, $"this is no ConditionalUnet1D: among its {file.Names.Count} tensors there is no {Mark}.");
        var c = PolicyUnetConfig.Of(CheckpointConfig.Of(file));
        StatedSize.Require(
            file,
            c.Widths.Sum(w => ((4.0 * c.Kernel * w) + (2.0 * c.ConditionWidth)) * w) + (8.0 * c.TimeWidth * c.TimeWidth),
            $"{c.Widths.Count} levels of up to {c.Widths.Max()} channels");
        using var scope = NewDisposeScope();
        var weights = new WeightMap(file, first[..^Mark.Length], options.Residual, options.Device);
        var sinusoids = new Sinusoids(c.TimeWidth, cosinesFirst: false, shift: 1, device: options.Device);
        try
        {
            var network = new PolicyUnetLoader(weights, c, options, sinusoids).Read();
            if (weights.ShapeOf("_dummy_variable") is not null)
            {
                weights.Take("_dummy_variable", [0]).Dispose();
            }

            weights.RequireComplete();
            return network with { Tensors = NetworkTensors.TakenFrom(scope) };
        }
        catch
        {
            sinusoids.Dispose();
            throw;
        }
    }

    private PolicyUnetNetwork Read()
    {
        var (c, widths, levels) = (_config, _config.Widths, _config.Widths.Count);
        var time = new PolicyTime(
            _sinusoids,
            Linear.Read(_weights, "diffusion_step_encoder.1", c.TimeWidth, 4 * c.TimeWidth),
            Linear.Read(_weights, "diffusion_step_encoder.3", 4 * c.TimeWidth, c.TimeWidth),
            _options.Residual);
        var local = c.LocalSize == 0 ? null : Local();
        var down = widths.Select((w, i) => Pair($"down_modules.{i}", i == 0 ? c.ActionSize : widths[i - 1], w)).ToArray();
        var halves = widths.SkipLast(1).Select((w, i) => Conv1d.Read(_weights, $"down_modules.{i}.2.conv", w, w, Resampling, _options, stride: 2, padding: 1)).ToArray();
        var middle = Pair("mid_modules", widths[^1], widths[^1]);
        var rising = Enumerable.Range(0, levels - 1).Select(i => (Outer: widths[levels - 2 - i], Inner: widths[levels - 1 - i])).ToArray();
        var up = rising.Select((w, i) => Pair($"up_modules.{i}", 2 * w.Inner, w.Outer)).ToArray();
        var doubles = rising.Select((w, i) => Conv1d.ReadTransposed(_weights, $"up_modules.{i}.2.conv", w.Outer, Doubling, _options, stride: 2, padding: 1)).ToArray();
        var last = (Conv1d.Read(_weights, "final_conv.0.block.0", widths[0], widths[0], c.Kernel, _options), GroupNorm.Read(_weights, "final_conv.0.block.1", widths[0], PolicyUnetConfig.LastGroups, Epsilon));
        var output = Conv1d.Read(_weights, "final_conv.1", widths[0], c.ActionSize, 1, _options);
        var modulation = Linear.Stack(_modulations);
        foreach (var replaced in _modulations.SelectMany(m => m.Parameters))
        {
            replaced.Dispose();
        }

        var sites = new PolicyUnetSites(
            time.MultiplyAdds + modulation.MultiplyAdds,
            last.Item1.MultiplyAdds + output.MultiplyAdds,
            local?.MultiplyAdds ?? 0,
            [.. down.Select(d => d.MultiplyAdds)],
            [.. halves.Select(h => h.MultiplyAdds)],
            middle.MultiplyAdds,
            [.. up.Select(u => u.MultiplyAdds)],
            [.. doubles.Select(d => d.MultiplyAdds)]);
        return new(c, time, modulation, local, down, halves, middle, up, doubles, last, output, sites, _options.Residual);
    }

    /// <summary>Of the two blocks for the local condition the published class uses the first only; files hold both.</summary>
    private PolicyResidual Local()
    {
        var used = Residual("local_cond_encoder.0", _config.LocalSize, _config.Widths[0]);
        using var unused = NewDisposeScope();
        Residual("local_cond_encoder.1", _config.LocalSize, _config.Widths[0]);
        _modulations.RemoveAt(1);
        _parts = used.Parts;
        return used;
    }

    private PolicyPair Pair(string name, int inputs, int outputs) => new(Residual(name + ".0", inputs, outputs), Residual(name + ".1", outputs, outputs));

    private PolicyResidual Residual(string name, int inputs, int outputs)
    {
        var c = _config;
        (Conv1d, GroupNorm) Block(int i, int from) => (
            Conv1d.Read(_weights, $"{name}.blocks.{i}.block.0", from, outputs, c.Kernel, _options),
            GroupNorm.Read(_weights, $"{name}.blocks.{i}.block.1", outputs, c.Groups, Epsilon));

        var block = new PolicyResidual(
            Block(0, inputs),
            Block(1, outputs),
            inputs == outputs ? null : Conv1d.Read(_weights, name + ".residual_conv", inputs, outputs, 1, _options),
            _parts,
            outputs,
            c.Scales,
            _options.Residual);
        _modulations.Add(Linear.Read(_weights, name + ".cond_encoder.1", c.ConditionWidth, block.Parts));
        _parts += block.Parts;
        return block;
    }
}
