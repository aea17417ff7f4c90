namespace Acceleration.Models;

/// <summary>The sizes of CLIP's blocks.</summary>
/// <param name="Width">Width of a token.</param>
/// <param name="Hidden">Width inside feed-forward parts.</param>
/// <param name="Heads">Heads of attention.</param>
/// <param name="Activation">Of feed-forward parts.</param>
/// <param name="Epsilon">ε of the norms.</param>
internal sealed record ClipSizes(int Width, int Hidden, int Heads, Activation Activation, double Epsilon)
{
    private const int MostWidth = 1 << 14;
    private const int MostHidden = 1 << 18;

    /// <summary>Reads them; what a configuration leaves out is the class's default.</summary>
    public static ClipSizes Read(CheckpointConfig config, int usualWidth, int usualHidden, int usualHeads)
    {
        var read = new ClipSizes(
            config.Integer("hidden_size", 1, MostWidth, usualWidth),
            config.Integer("intermediate_size", 1, MostHidden, usualHidden),
            config.Integer("num_attention_heads", 1, MostWidth, usualHeads),
            Activations.Of(config, "hidden_act", "quick_gelu"),
            config.Positive("layer_norm_eps", 1e-5));
        config.Require(read.Width % read.Heads == 0, $"hidden_size {read.Width} is no multiple of num_attention_heads {read.Heads}");
        return read;
    }
}
