using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>A layer that takes a film part by part.</summary>
internal interface IFilmLayer
{
    /// <param name="x">One part, [rows, channels, frames, height, width].</param>
    /// <param name="history">Of the film; changed.</param>
    /// <returns>A new tensor.</returns>
    Tensor Apply(Tensor x, FilmHistory history);
}
