namespace Acceleration.Models;

/// <summary>The sizes of a CLIP image encoder; what a configuration leaves out is the class's default.</summary>
internal sealed record ClipVisionConfig
{
    private const int MostSide = 1 << 14;
    private const int MostLayers = 1 << 10;

    public required ClipSizes Sizes { get; init; }

    public required int Layers { get; init; }

    public required int Channels { get; init; }

    /// <summary>Side of a picture in pixels.</summary>
    public required int Side { get; init; }

    public required int Patch { get; init; }

    public required int Projection { get; init; }

    /// <summary>Patches, and the token of the whole.</summary>
    public int Tokens => (Side / Patch * (Side / Patch)) + 1;

    public static ClipVisionConfig Read(CheckpointConfig config)
    {
        TextCheckpoints.IgnoreFree(config);
        var read = new ClipVisionConfig
        {
            Sizes = ClipSizes.Read(config, 768, 3072, 12),
            Layers = config.Integer("num_hidden_layers", 1, MostLayers, 12),
            Channels = config.Integer("num_channels", 1, MostSide, 3),
            Side = config.Integer("image_size", 1, MostSide, 224),
            Patch = config.Integer("patch_size", 1, MostSide, 32),
            Projection = config.Integer("projection_dim", 1, MostSide, 512),
        };
        config.Require(read.Side % read.Patch == 0, $"image_size {read.Side} is no multiple of patch_size {read.Patch}");
        config.RequireAllRead();
        return read;
    }
}
