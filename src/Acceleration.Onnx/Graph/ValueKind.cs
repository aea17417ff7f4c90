namespace Acceleration.Onnx;

/// <summary>What a value depends on; the greater holds where it depends on several.</summary>
internal enum ValueKind
{
    /// <summary>On weights alone.</summary>
    Constant,

    /// <summary>On sizes of inputs.</summary>
    Sizes,

    /// <summary>On what the network is told beside the latents: time, text.</summary>
    Told,

    /// <summary>On the latents.</summary>
    Stream,
}
