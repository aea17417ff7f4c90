using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The positions of a CogVideoX, of which some are added and some turn: sine-cosine ones, rotary ones, or rotary and learned ones.</summary>
internal sealed class CogVideoXPositions : IDisposable
{
    private readonly CogVideoXConfig _config;
    private readonly Tensor? _learned;
    private readonly ScalarType _residual;
    private readonly Device _device;
    private readonly LayoutTables<TokenLayout> _added;
    private readonly LayoutTables<TokenLayout> _turns;

    /// <param name="config">Sizes.</param>
    /// <param name="learned">[1, text + video tokens, width], or null.</param>
    /// <param name="residual">Type of the network.</param>
    /// <param name="device">Where it computes.</param>
    public CogVideoXPositions(CogVideoXConfig config, Tensor? learned, ScalarType residual, Device device)
    {
        (_config, _learned, _residual, _device) = (config, learned, residual, device);
        _added = new(SinCos);
        _turns = new(Turns);
    }

    /// <summary>Adds positions to a joint stream, [rows, text + video tokens, width], which is changed.</summary>
    /// <exception cref="ArgumentException">The positions are learned ones, and the size or the text's length is another.</exception>
    public void AddTo(Tensor joint, TokenLayout layout)
    {
        if (_config.IsLearned)
        {
            RequireTrained(layout);
            if (layout.Frames == _config.Trained.Frames)
            {
                joint.Increase(_learned!);
                return;
            }
        }
        else if (_config.IsRotary)
        {
            return;
        }

        using var video = joint.narrow(1, layout.TextLength, layout.Tokens);
        video.Increase(_added.For(layout with { TextLength = 0, ValidText = 0 }));
    }

    /// <summary>Rotary positions of all tokens, or null.</summary>
    public Tensor? TurnsOf(TokenLayout layout) => _config.IsRotary ? _turns.For(layout) : null;

    public void Dispose()
    {
        _added.Dispose();
        _turns.Dispose();
    }

    private void RequireTrained(TokenLayout layout)
    {
        var (high, wide) = (_config.Trained.Height / _config.Patch, _config.Trained.Width / _config.Patch);
        if (layout.Height != high || layout.Width != wide || (layout.Frames == _config.Trained.Frames && layout.TextLength != _config.TextTokens))
        {
            throw new ArgumentException(
                $"This network's positions are learned: they are those of {high} × {wide} patches and {_config.TextTokens} text tokens; got {layout.Height} × {layout.Width} and {layout.TextLength}.");
        }
    }

    /// <summary>[tokens, width]: a quarter of it encodes the frame, then as much as half the rest each column and row.</summary>
    private Tensor SinCos(TokenLayout layout)
    {
        var width = _config.Width;
        var space = SinCosPositions.Table(3L * width / 4, Scaled(layout.Height, _config.SpaceScale), Scaled(layout.Width, _config.SpaceScale));
        using var sinusoids = new Sinusoids(width / 4, cosinesFirst: false);
        var time = sinusoids.Apply(tensor(Scaled(layout.Frames, _config.TimeScale)), ScalarType.Float64);
        long frames = layout.Frames, places = (long)layout.Height * layout.Width;
        var table = cat([time.unsqueeze(1).expand(frames, places, time.size(1)), space.unsqueeze(0).expand(frames, places, space.size(1))], 2);
        return table.view(frames * places, width).to(_residual, _device);
    }

    /// <summary>As the published pipelines place them: the first networks share the trained sides' coordinates, those that join frames count.</summary>
    private Tensor Turns(TokenLayout layout)
    {
        var head = _config.HeadWidth;
        var (rows, columns) = _config.FramePatch is null ? Shared(layout) : (VideoGrid.Whole(layout.Height), VideoGrid.Whole(layout.Width));
        return VideoGrid.Turns([VideoGrid.Whole(layout.Frames), rows, columns], [head / 4, head / 8 * 3, head / 8 * 3], _residual, _device, layout.TextLength);
    }

    /// <summary>The video lies in the middle of the trained picture, as large as it fits in.</summary>
    private (double[] Rows, double[] Columns) Shared(TokenLayout layout)
    {
        double high = _config.Trained.Height / _config.Patch, wide = _config.Trained.Width / _config.Patch;
        var isHigher = (double)layout.Height / layout.Width > high / wide;
        var height = isHigher ? high : Math.Round(wide / layout.Width * layout.Height);
        var width = isHigher ? Math.Round(high / layout.Height * layout.Width) : wide;
        return (Spread(Math.Round((high - height) / 2), height, layout.Height), Spread(Math.Round((wide - width) / 2), width, layout.Width));
    }

    /// <summary>From the start to where the last of n parts begins, counted from the origin.</summary>
    private static double[] Spread(double start, double length, int count)
    {
        var last = (start + length) * (count - 1) / count;
        return [.. Enumerable.Range(0, count).Select(k => count == 1 ? start : (double)(float)(start + ((last - start) * k / (count - 1))))];
    }

    /// <summary>In single precision, as the reference computes them.</summary>
    private static double[] Scaled(int count, double scale) => [.. Enumerable.Range(0, count).Select(k => (double)(k / (float)scale))];
}
