using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Takes what a request brings, looked at before native code meets it.</summary>
/// <param name="network">The network.</param>
/// <param name="info">What it says of itself.</param>
internal sealed class UNetInputs(UNetNetwork network, DenoiserInfo info)
{
    private const double Hidden = -10000;

    private readonly UNetConfig _config = network.Config;
    private readonly ScalarType _type = network.Options.Residual;

    /// <summary>What sides must be multiples of: text networks with padded halvings take any.</summary>
    public static int SizeMultiple(UNetConfig c) =>
        c.TakesText && c.DownPadding > 0 && !c.Levels.Any(l => l.Down.ByResidual || l.Up.ByResidual) ? 1 : 1 << (c.Levels.Count - 1);

    /// <summary>The input of the first convolution, channels last.</summary>
    public Tensor Latents(Tensor latents, Conditioning condition, int rows)
    {
        using var scope = NewDisposeScope();
        var shape = latents.shape;
        info.RequireSize(shape[1..]);
        if (shape[0] != rows || !is_floating_point(latents))
        {
            throw new ArgumentException($"{info.Name}: the latents are {Form(latents)}; expected floating-point numbers in {rows} rows, as the evaluation has.", nameof(latents));
        }

        var x = latents.to(_type, network.Device);
        if (_config.Inputs > _config.Latents)
        {
            x = cat([x, Whole(Given(condition[ConditionNames.ImageLatents], ConditionNames.ImageLatents, rows, _config.Inputs - _config.Latents, shape[2], shape[3]), rows)], 1);
        }

        return ChannelsLast.Of(_config.IsCentred ? x.Times(2.0).Plus(-1.0) : x).MoveToOuterDisposeScope();
    }

    /// <summary>What becomes part of the time embedding.</summary>
    public UNetTimeInputs Times(Tensor timestep, Conditioning condition, int rows) => new(Whole(Shaped(timestep, "the timestep", rows), rows))
    {
        Guidance = _config.Time.Guidance is { } guidance && condition.Find(ConditionNames.GuidanceEmbedding) is { } given
            ? Whole(Given(given, ConditionNames.GuidanceEmbedding, rows, guidance), rows)
            : null,
        Class = _config.Classes.Form == UNetClassForm.None ? null : Class(condition[ConditionNames.Labels], rows),
        Pooled = _config.TextTime is { } added ? Whole(Given(condition[ConditionNames.Pooled], ConditionNames.Pooled, rows, added.Pooled), rows) : null,
        Sizes = _config.TextTime is null ? null : Whole(Shaped(condition[ConditionNames.TimeIds], $"the condition '{ConditionNames.TimeIds}'", rows, UNetConfig.TimeIds).to(network.Device), rows),
    };

    /// <summary>What all layers are given.</summary>
    public UNetCall Call(Tensor times, Conditioning condition, int rows, (long High, long Wide) side)
    {
        if (!_config.TakesText)
        {
            return new(network, times);
        }

        var text = Text(condition[ConditionNames.Text], rows);
        return new(network, times)
        {
            Text = text,
            TextBias = condition.Find(ConditionNames.TextMask) is { } mask ? Bias(mask, text, rows) : null,
            Residuals = Residuals(condition, rows, side),
            MiddleResidual = condition.Find(UNetConditions.MiddleResidual) is { } middle
                ? ChannelsLast.Of(Given(middle, UNetConditions.MiddleResidual, rows, [_config.Levels[^1].Channels, .. UNetConditions.Sizes(network, side)[^1][1..]]))
                : null,
        };
    }

    private Tensor[] Residuals(Conditioning condition, int rows, (long High, long Wide) side)
    {
        var count = network.Plan.Skips.Count;
        Tensor?[] given = [.. Enumerable.Range(0, count).Select(i => condition.Find(UNetConditions.Residual + i))];
        var present = given.Count(g => g is not null);
        if (present == 0 && condition.Find(UNetConditions.MiddleResidual) is null)
        {
            return [];
        }

        if (present != count || condition.Find(UNetConditions.MiddleResidual) is null)
        {
            throw new ArgumentException(
                $"{info.Name}: a control network gives '{UNetConditions.Residual}0' to '{UNetConditions.Residual}{count - 1}' and '{UNetConditions.MiddleResidual}'; of the former {present} were given{(condition.Find(UNetConditions.MiddleResidual) is null ? ", and not the latter" : "")}.");
        }

        var sizes = UNetConditions.Sizes(network, side);
        return [.. given.Select((g, i) => ChannelsLast.Of(Given(g!, UNetConditions.Residual + i, rows, sizes[i])))];
    }

    /// <summary>In the type of the products; one text for all rows stays one.</summary>
    private Tensor Text(Tensor given, int rows)
    {
        if (given.ndim != 3 || given.size(1) < 1)
        {
            throw Wrong($"the condition '{ConditionNames.Text}'", given, rows, ["tokens", $"{_config.TextWidth}"]);
        }

        var text = Given(given, ConditionNames.Text, rows, given.size(1), _config.TextWidth).InType(network.Options.DType);
        return network.TextProjection is { } projection ? projection.Apply(text) : text;
    }

    /// <summary>What is hidden gets a score so low that nothing of it is left.</summary>
    private Tensor Bias(Tensor mask, Tensor text, int rows)
    {
        var shown = Shaped(mask, $"the condition '{ConditionNames.TextMask}'", rows, text.size(1)).to(_type, network.Device);
        var bias = shown.Plus(-1.0).Times(-Hidden).view(shown.size(0), 1, 1, shown.size(1));
        return bias.InType(_config.UpcastAttention ? _type : network.Options.DType);
    }

    /// <summary>Labels outside the table would end a GPU's whole process: those in host memory are looked at before they go there.</summary>
    private Tensor Class(Tensor given, int rows)
    {
        const string Name = ConditionNames.Labels;
        if (_config.Classes.Form != UNetClassForm.Table)
        {
            long[] size = _config.Classes.Form == UNetClassForm.Number ? [] : [_config.Classes.Width];
            var numbers = Shaped(given, $"the condition '{Name}'", rows, size);
            return Whole(size.Length == 0 ? numbers.to(network.Device) : numbers.to(_type, network.Device), rows);
        }

        var labels = Shaped(given, $"the condition '{Name}'", rows).to(ScalarType.Int64);
        if (labels.device_type == DeviceType.CPU && network.Device.type != DeviceType.CPU)
        {
            network.Conditioner.RequireKnown(labels);
        }

        return Whole(labels.to(network.Device), rows);
    }

    private Tensor Given(Tensor given, string name, int rows, params long[] size)
    {
        var shaped = Shaped(given, $"the condition '{name}'", rows, size);
        return is_floating_point(given) ? shaped.to(_type, network.Device) : throw Wrong($"the condition '{name}'", given, rows, size.Select(s => $"{s}"));
    }

    /// <summary>Of as many rows as there are, or of one for all.</summary>
    private Tensor Shaped(Tensor given, string what, int rows, params long[] size)
    {
        var fits = given.ndim == size.Length + 1 && (given.size(0) == rows || given.size(0) == 1);
        for (var i = 0; fits && i < size.Length; i++)
        {
            fits = given.size(i + 1) == size[i];
        }

        return fits ? given : throw Wrong(what, given, rows, size.Select(s => $"{s}"));
    }

    private static Tensor Whole(Tensor given, int rows)
    {
        if (given.size(0) == rows)
        {
            return given;
        }

        var shape = given.shape;
        shape[0] = rows;
        return given.expand(shape);
    }

    private ArgumentException Wrong(string what, Tensor given, int rows, IEnumerable<string> size) =>
        new($"{info.Name}: {what} is {Form(given)}; expected [{string.Join(", ", size.Prepend(rows == 1 ? "1" : $"{rows} or 1"))}].");

    private static string Form(Tensor t) => $"{t.dtype.ToString().ToLowerInvariant()} [{string.Join(", ", t.shape)}]";
}
